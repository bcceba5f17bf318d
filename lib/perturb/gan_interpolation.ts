/**
 * Interpolation in the latent space of a generator (Turner, Tsipras & Mądry, "Clean-Label Backdoor
 * Attacks", section 4.1): an image is looked for in the generator's latent space, and moved there
 * towards an image of another class.
 *
 * @module
 */

import type { ImageBatch } from "../core/types.ts";
import { selectImages } from "../core/select_images.ts";

/** The numbers of an interpolation. */
export interface InterpolationNumbers {
  /** How far towards the other image: 0 is the image itself, as the generator makes it, 1 the other. */
  readonly tau: number;
  /** Steps of gradient descent to an image's latent vector, from 0. */
  readonly steps: number;
}

/** A generator, by what is asked of it (`LatentSpace` of `lib/model`). */
export interface Generator {
  /** Values of a latent vector. */
  readonly latent: number;
  /** The images of latent vectors `(N, latent)`, values in 0–1. */
  readonly generate: (latents: Float32Array) => ImageBatch;
  /** Where to begin to look for images: `(N, latent)`. */
  readonly encode: (images: ImageBatch) => Float32Array;
  /** d ½‖G(z) − x‖² / dz of latent vectors and images, `(N, latent)`. */
  readonly gradient: (latents: Float32Array, images: ImageBatch) => Float32Array;
}

/** How to look for images. */
export interface EmbedOptions {
  readonly generator: Generator;
  readonly steps: number;
  /** Called after each step, with steps done and to do; may stop the work by throwing. */
  readonly onStep?: (done: number, total: number) => void;
}

/** Images that are looked for at a time: bounds the memory for the generator's activations. */
const CHUNK = 128;

/** Of Adam, as latent vectors are of the order of 1. */
const LEARNING_RATE = 0.05;
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-7;

/**
 * Finds the latent vectors whose images are nearest, by Adam on ½‖G(z) − x‖² from where the encoder
 * puts them (as Zhu et al. do, arXiv 1609.03552). What is found for an image does not depend on the
 * others.
 *
 * @param images `(N, H, W, C)`, values in 0–1.
 * @returns `(N, latent)`, row-major.
 */
export async function embed(
  images: ImageBatch,
  { generator, steps, onStep }: EmbedOptions,
): Promise<Float32Array> {
  const [count] = images.shape;
  const { latent } = generator;
  const embedded = new Float32Array(count * latent);
  const chunks = Math.ceil(count / CHUNK);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const rows = Uint32Array.from(
      { length: Math.min(CHUNK, count - chunk * CHUNK) },
      (_, i) => chunk * CHUNK + i,
    );
    const some = selectImages(images, rows);
    const latents = embedded.subarray(rows[0]! * latent, (rows.at(-1)! + 1) * latent);
    latents.set(generator.encode(some));
    const descend = adam(latents);
    for (let step = 1; step <= steps; step++) {
      descend(generator.gradient(latents, some));
      onStep?.(chunk * steps + step, chunks * steps);
      // Signals and timers have their turn between steps.
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return embedded;
}

/** Moves values in place, a step a call, against the gradient that it is given. */
function adam(values: Float32Array): (gradient: Float32Array) => void {
  const first = new Float32Array(values.length), second = new Float32Array(values.length);
  let step = 0;
  return (gradient) => {
    step++;
    const rate = LEARNING_RATE * Math.sqrt(1 - BETA2 ** step) / (1 - BETA1 ** step);
    for (let i = 0; i < values.length; i++) {
      const slope = gradient[i]!;
      first[i] = BETA1 * first[i]! + (1 - BETA1) * slope;
      second[i] = BETA2 * second[i]! + (1 - BETA2) * slope * slope;
      values[i] = values[i]! - rate * first[i]! / (Math.sqrt(second[i]!) + EPSILON);
    }
  };
}

/**
 * Moves each image towards another one, in the generator's latent space.
 *
 * @param images `(N, H, W, C)`, values in 0–1; left as they are.
 * @param others As many images, one for each.
 * @returns Generated images of the same shape, values in 0–1: G((1 − τ)·z + τ·z′).
 * @throws {RangeError} If a number is out of range, or the batches differ in shape.
 */
export async function interpolate(
  images: ImageBatch,
  others: ImageBatch,
  { tau, steps, generator, onStep }: InterpolationNumbers & EmbedOptions,
): Promise<ImageBatch> {
  if (!(tau >= 0 && tau <= 1)) {
    throw new RangeError(`Cannot interpolate images: tau must be from 0 to 1, got ${tau}`);
  }
  if (!Number.isInteger(steps) || steps < 0) {
    throw new RangeError(
      `Cannot interpolate images: steps must be an integer from 0, got ${steps}`,
    );
  }
  if (String(images.shape) !== String(others.shape)) {
    throw new RangeError(
      `Cannot interpolate images: there must be another for each of them, of the same size, got ` +
        `${others.shape} for ${images.shape}`,
    );
  }
  const from = await embed(images, {
    generator,
    steps,
    onStep: (done, total) => onStep?.(done, 2 * total),
  });
  const towards = await embed(others, {
    generator,
    steps,
    onStep: (done, total) => onStep?.(total + done, 2 * total),
  });
  return generateAll(generator, from.map((z, i) => (1 - tau) * z + tau * towards[i]!), images);
}

function generateAll(
  { latent, generate }: Generator,
  latents: Float32Array,
  { data, shape }: ImageBatch,
): ImageBatch {
  const size = data.length / shape[0];
  const generated = new Float32Array(data.length);
  for (let first = 0; first < shape[0]; first += CHUNK) {
    const some = latents.subarray(first * latent, (first + CHUNK) * latent);
    generated.set(generate(some).data, first * size);
  }
  return { data: generated, shape };
}
