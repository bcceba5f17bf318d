/**
 * The training of a generative adversarial network with an encoder, by tfjs's own tape: it runs on the
 * kernels of `lib/wasm`, on one thread.
 *
 * @module
 */

import { createRandom, normal, type Random } from "../core/random.ts";
import { selectImages } from "../core/select_images.ts";
import * as tf from "../core/tfjs.ts";
import type { ImageBatch } from "../core/types.ts";
import type { Gan } from "../model/mod.ts";
import { Adam } from "../wasm/mod.ts";
import { DivergenceError } from "./train.ts";

/** How to train a GAN. */
export interface TrainGanOptions {
  /** Passes over the images, from 1. */
  readonly epochs: number;
  /** Images in a step, from 1; 64 unless given. */
  readonly batchSize?: number;
  /** Of Adam, at the beginning; falls to zero in a straight line. .001 unless given. */
  readonly learningRate?: number;
  /** Draws batches and latent vectors. */
  readonly seed: number;
  /** Stops the run between two steps; `trainGan` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each step. */
  readonly onStep?: (progress: GanProgress) => void;
}

/** How far the training of a GAN has come. */
export interface GanProgress {
  readonly step: number;
  readonly steps: number;
  /** Of the step, an image: the discriminator's over real and generated ones, and the generator's. */
  readonly losses: { readonly discriminator: number; readonly generator: number };
}

/** Of Adam's mean of gradients: DCGAN's (arXiv 1511.06434), for the networks chase each other. */
const BETA1 = 0.5;

/** What an encoded image's squared distance from the image costs, in nats. */
const DISTANCE_COST = 0.1;

/** What a latent vector's squared length costs, so that images are found where latent vectors are drawn. */
const LENGTH_COST = 0.001;

/**
 * Trains discriminator and generator in turn, by the non-saturating losses (Goodfellow et al., arXiv
 * 1406.2661): the discriminator tells images of the data from generated ones, the generator is to
 * make it err. With the generator the encoder is trained, to where the generator makes an image again
 * (as in Larsen et al., arXiv 1512.09300): so images can be found in the latent space, which a
 * generator that is trained for minutes by the discriminator alone leaves many of out. The same
 * images, options and seed give bit-identical weights on the same machine.
 *
 * @param gan Trained in place.
 * @param images What the generator is to imitate, `(N, H, W, C)`, values in 0–1.
 * @throws {RangeError} If there are no images.
 * @throws {DivergenceError} If a loss is no finite number any more.
 * @throws The signal's reason, if it fires.
 */
export async function trainGan(
  { generator, discriminator, encoder }: Gan,
  images: ImageBatch,
  { epochs, batchSize = 64, learningRate = 0.001, seed, signal, onStep }: TrainGanOptions,
): Promise<void> {
  const [count] = images.shape;
  if (!(count > 0 && epochs > 0)) {
    throw new RangeError(
      `Cannot train a GAN: there must be images and epochs, got ${count} and ${epochs}`,
    );
  }
  const latent = Number(generator.inputs[0]!.shape[1]);
  const batches = createRandom(seed, "GAN batches");
  const latents = createRandom(seed, "GAN latent vectors");
  const size = Math.min(batchSize, count);
  const stepsAnEpoch = Math.floor(count / size);
  const steps = epochs * stepsAnEpoch;
  using sides = createSides({ generator, discriminator, encoder });
  const order = Uint32Array.from({ length: count }, (_, image) => image);
  for (let step = 1; step <= steps; step++) {
    signal?.throwIfAborted();
    const first = (step - 1) % stepsAnEpoch * size;
    if (first === 0) batches.shuffle(order);
    const real = selectImages(images, order.subarray(first, first + size));
    const drawn = [0, 1].map(() => drawLatents(size, latent, latents));
    sides.setLearningRate(learningRate * (1 - (step - 1) / steps));
    const losses = tf.tidy(() => {
      const [z1, z2] = drawn.map((values) => tf.tensor2d(values, [size, latent]));
      const x = tf.tensor4d(real.data, [...real.shape]);
      return {
        discriminator: sides.stepDiscriminator(x, z1!),
        generator: sides.stepGenerator(x, z2!),
      };
    });
    if (!Number.isFinite(losses.discriminator + losses.generator)) {
      throw new DivergenceError(
        "Cannot go on training a GAN: losses must be finite numbers, got " +
          `${losses.discriminator} and ${losses.generator} at step ${step}; use another seed or a ` +
          "smaller learning rate",
      );
    }
    onStep?.({ step, steps, losses });
    // Signals and timers have their turn between steps.
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** The two sides with their optimizers and losses. */
function createSides({ generator, discriminator, encoder }: Omit<Gan, typeof Symbol.dispose>) {
  const optimizers = {
    discriminator: new Adam({ beta1: BETA1 }),
    generator: new Adam({ beta1: BETA1 }),
  };
  const variablesOf = (...networks: tf.LayersModel[]) =>
    networks.flatMap(({ trainableWeights }) =>
      trainableWeights.map((weight) => weight.read() as tf.Variable)
    );
  const variables = {
    discriminator: variablesOf(discriminator),
    generator: variablesOf(generator, encoder),
  };
  const scoreOf = (images: tf.Tensor) => discriminator.apply(images) as tf.Tensor;
  const generate = (latents: tf.Tensor) => generator.apply(latents) as tf.Tensor;
  /** −ln of the probability that the discriminator gives images to be of the data, or not to be. */
  const surprise = (images: tf.Tensor, { isReal }: { isReal: boolean }) => {
    const scores = scoreOf(images);
    return tf.mean(tf.softplus(isReal ? tf.neg(scores) : scores)) as tf.Scalar;
  };
  /** What encoding an image and making it again costs. */
  const costOfEncoding = (images: tf.Tensor) => {
    const latents = encoder.apply(images) as tf.Tensor;
    const distance = tf.sum(tf.squaredDifference(generate(latents), images));
    const cost = tf.add(
      tf.mul(distance, DISTANCE_COST),
      tf.mul(tf.sum(tf.square(latents)), LENGTH_COST),
    );
    return tf.div(cost, images.shape[0]!) as tf.Scalar;
  };
  const minimize = (side: keyof typeof optimizers, loss: () => tf.Scalar) =>
    optimizers[side].minimize(loss, true, variables[side])!.dataSync()[0]!;
  return {
    setLearningRate(rate: number) {
      for (const optimizer of Object.values(optimizers)) optimizer.learningRate = rate;
    },
    stepDiscriminator(real: tf.Tensor, latents: tf.Tensor): number {
      const generated = generate(latents);
      return minimize(
        "discriminator",
        () => tf.add(surprise(real, { isReal: true }), surprise(generated, { isReal: false })),
      );
    },
    stepGenerator: (real: tf.Tensor, latents: tf.Tensor): number =>
      minimize(
        "generator",
        () => tf.add(surprise(generate(latents), { isReal: true }), costOfEncoding(real)),
      ),
    [Symbol.dispose]() {
      for (const optimizer of Object.values(optimizers)) optimizer.dispose();
    },
  };
}

function drawLatents(count: number, latent: number, random: Random): Float32Array {
  return Float32Array.from({ length: count * latent }, () => normal(random));
}
