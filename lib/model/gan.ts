/**
 * A generative adversarial network for small images: the two networks, and what can be asked of a
 * generator by those who look for an image in its latent space.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { streamSeed } from "../core/random.ts";
import type { ImageBatch, ImageShape } from "../core/types.ts";

/** What a GAN is built for. */
export interface GanOptions {
  /** Shape of one image; height and width are multiples of 4. */
  readonly shape: ImageShape;
  /** Initial weights are drawn from it. */
  readonly seed: number;
  /** Values of a latent vector, drawn from the standard normal distribution; 64 unless given. */
  readonly latent?: number;
  /** Channels at half the images' size, half of those at a quarter; 32 unless given. */
  readonly filters?: number;
}

/** The two networks, which are trained against each other (`lib/train/train_gan.ts`). */
export interface Gan extends Disposable {
  /** Latent vectors `(N, latent)` in, images `(N, H, W, C)` with values in 0–1 out. */
  readonly generator: tf.LayersModel;
  /** Images in, a score `(N, 1)` out: the higher, the more like the data. */
  readonly critic: tf.LayersModel;
}

/**
 * Builds both with fresh weights: four transposed or strided convolutions of 4×4 in all, as in DCGAN
 * (Radford, Metz & Chintala, arXiv 1511.06434), without batch normalisation.
 *
 * @throws {RangeError} If height or width is no multiple of 4.
 */
export function createGan({ shape, seed, latent = 64, filters = 32 }: GanOptions): Gan {
  const [height, width, channels] = shape;
  if (height % 4 !== 0 || width % 4 !== 0) {
    throw new RangeError(
      `Cannot build a GAN: height and width must be multiples of 4, got ${height}×${width}`,
    );
  }
  const kernelInitializer = (layer: string) =>
    tf.initializers.glorotUniform({ seed: streamSeed(seed, `initialize ${layer}`) });
  const halving = { kernelSize: 4, strides: 2, padding: "same" } as const;
  const { conv2d, conv2dTranspose, dense, flatten, leakyReLU, reshape } = tf.layers;
  const smallest = [height / 4, width / 4, 2 * filters];
  const generator = tf.sequential({
    name: "generator",
    layers: [
      dense({
        inputShape: [latent],
        units: smallest.reduce((product, extent) => product * extent),
        activation: "relu",
        kernelInitializer: kernelInitializer("dense"),
      }),
      reshape({ targetShape: smallest }),
      conv2dTranspose({
        ...halving,
        filters,
        activation: "relu",
        kernelInitializer: kernelInitializer("to half the size"),
      }),
      conv2dTranspose({
        ...halving,
        filters: channels,
        activation: "sigmoid",
        kernelInitializer: kernelInitializer("to the images"),
      }),
    ],
  });
  const critic = tf.sequential({
    name: "critic",
    layers: [
      conv2d({
        ...halving,
        inputShape: [...shape],
        filters,
        kernelInitializer: kernelInitializer("from the images"),
      }),
      leakyReLU({ alpha: SLOPE }),
      conv2d({
        ...halving,
        filters: 2 * filters,
        kernelInitializer: kernelInitializer("from half the size"),
      }),
      leakyReLU({ alpha: SLOPE }),
      flatten(),
      dense({ units: 1, kernelInitializer: kernelInitializer("score") }),
    ],
  });
  return {
    generator,
    critic,
    [Symbol.dispose]() {
      generator.dispose();
      critic.dispose();
    },
  };
}

/** Of the critic's leaky ReLU, below 0; DCGAN's. */
const SLOPE = 0.2;

/** A generator as a function of plain arrays. */
export interface LatentSpace {
  /** Values of a latent vector. */
  readonly latent: number;
  /** The images of some latent vectors, `(N, latent)`, row-major. */
  generate(latents: Float32Array): ImageBatch;
  /**
   * d ½‖G(z) − x‖² / dz, vector by vector.
   *
   * @param latents `(N, latent)`.
   * @param images The N images x.
   * @returns `(N, latent)`.
   */
  gradient(latents: Float32Array, images: ImageBatch): Float32Array;
}

/** @param generator Reads its weights whenever it is asked; not disposed of here. */
export function latentSpaceOf(generator: tf.LayersModel): LatentSpace {
  const latent = Number(generator.inputs[0]!.shape[1]);
  const [height, width, channels] = generator.outputs[0]!.shape.slice(1) as number[];
  const toTensor = (latents: Float32Array) =>
    tf.tensor2d(latents, [latents.length / latent, latent]);
  return {
    latent,
    generate: (latents) => ({
      data: tf.tidy(() => (generator.apply(toTensor(latents)) as tf.Tensor).dataSync<"float32">()),
      shape: [latents.length / latent, height!, width!, channels!],
    }),
    gradient: (latents, { data, shape }) =>
      tf.tidy(() => {
        const wanted = tf.tensor4d(data, [...shape]);
        const distance = (z: tf.Tensor) =>
          tf.mul(tf.sum(tf.squaredDifference(generator.apply(z) as tf.Tensor, wanted)), 0.5);
        return tf.grad(distance)(toTensor(latents)).dataSync<"float32">();
      }),
  };
}
