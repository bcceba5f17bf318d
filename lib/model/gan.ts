/**
 * A generative adversarial network for small images, with an encoder: the networks, and what can be
 * asked of them by those who look for an image in the generator's latent space.
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
  /** Values of a latent vector, drawn from the standard normal distribution. */
  readonly latent: number;
  /** Channels at half the images' size, twice as many at a quarter; 32 unless given. */
  readonly filters?: number;
}

/** The networks, which are trained together (`lib/train/train_gan.ts`). */
export interface Gan extends Disposable {
  /** Latent vectors `(N, latent)` in, images `(N, H, W, C)` with values in 0–1 out. */
  readonly generator: tf.LayersModel;
  /** Images in, a score `(N, 1)` out: the higher, the more like the data. */
  readonly discriminator: tf.LayersModel;
  /** Images in, latent vectors out: where in the latent space an image may be found. */
  readonly encoder: tf.LayersModel;
}

/**
 * Builds them with fresh weights: two transposed or strided convolutions of 4×4 each, as in DCGAN
 * (Radford, Metz & Chintala, arXiv 1511.06434), without batch normalisation.
 *
 * @throws {RangeError} If height or width is no multiple of 4.
 */
export function createGan({ shape, seed, latent, filters = 32 }: GanOptions): Gan {
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
  const reader = (name: string, units: number) => {
    const ofLayer = (layer: string) => kernelInitializer(`${layer} of the ${name}`);
    return tf.sequential({
      name,
      layers: [
        conv2d({
          ...halving,
          inputShape: [...shape],
          filters,
          kernelInitializer: ofLayer("first layer"),
        }),
        leakyReLU({ alpha: SLOPE }),
        conv2d({
          ...halving,
          filters: 2 * filters,
          kernelInitializer: ofLayer("second layer"),
        }),
        leakyReLU({ alpha: SLOPE }),
        flatten(),
        dense({ units, kernelInitializer: ofLayer("last layer") }),
      ],
    });
  };
  const discriminator = reader("discriminator", 1);
  const encoder = reader("encoder", latent);
  return {
    generator,
    discriminator,
    encoder,
    [Symbol.dispose]() {
      for (const network of [generator, discriminator, encoder]) network.dispose();
    },
  };
}

/** Of the leaky ReLU, below 0; DCGAN's. */
const SLOPE = 0.2;

/** Generator and encoder as functions of plain arrays. */
export interface LatentSpace {
  /** Values of a latent vector. */
  readonly latent: number;
  /** The images of some latent vectors, `(N, latent)`, row-major. */
  generate(latents: Float32Array): ImageBatch;
  /** The encoder's latent vectors of N images, `(N, latent)`. */
  encode(images: ImageBatch): Float32Array;
  /**
   * d ½‖G(z) − x‖² / dz, vector by vector.
   *
   * @param latents `(N, latent)`.
   * @param images The N images x.
   * @returns `(N, latent)`.
   */
  gradient(latents: Float32Array, images: ImageBatch): Float32Array;
}

/** @param gan Its weights are read whenever they are needed; not disposed of here. */
export function latentSpaceOf(
  { generator, encoder }: Pick<Gan, "generator" | "encoder">,
): LatentSpace {
  const latent = Number(generator.inputs[0]!.shape[1]);
  const [height, width, channels] = generator.outputs[0]!.shape.slice(1) as number[];
  const toTensor = (latents: Float32Array) =>
    tf.tensor2d(latents, [latents.length / latent, latent]);
  const toImages = ({ data, shape }: ImageBatch) => tf.tensor4d(data, [...shape]);
  return {
    latent,
    encode: (images) =>
      tf.tidy(() => (encoder.apply(toImages(images)) as tf.Tensor).dataSync<"float32">()),
    generate: (latents) => ({
      data: tf.tidy(() => (generator.apply(toTensor(latents)) as tf.Tensor).dataSync<"float32">()),
      shape: [latents.length / latent, height!, width!, channels!],
    }),
    gradient: (latents, images) =>
      tf.tidy(() => {
        const wanted = toImages(images);
        const distance = (z: tf.Tensor) =>
          tf.mul(tf.sum(tf.squaredDifference(generator.apply(z) as tf.Tensor, wanted)), 0.5);
        return tf.grad(distance)(toTensor(latents)).dataSync<"float32">();
      }),
  };
}
