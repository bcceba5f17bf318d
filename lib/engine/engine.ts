/**
 * What trains and runs a model: the interface of both engines.
 *
 * @module
 */

import type { ImageBatch, LabelledImages } from "../core/types.ts";
import type { Alteration } from "./alteration.ts";

/** A layer of an engine's network. */
export interface EngineLayer {
  readonly name: string;
  /** tfjs's, for example `"Conv2D"`. */
  readonly className: string;
}

/**
 * The gradient of a function of the logits to them.
 *
 * @param logits Of some images, `(n, classes)`, row-major.
 * @param first Which image of all the first of them is.
 * @returns `(n, classes)`.
 */
export type GradientOfLogits = (logits: Float32Array, first: number) => Float32Array;

/** How images are gone through. */
export interface InferenceOptions {
  /** What is changed in the network for this call; nothing unless given. */
  readonly alteration?: Alteration;
}

/** A model at work. While it is, the model's weights are the engine's; `save` gives them back. */
export interface Engine {
  /** For a manifest, for example `"compiled"`. */
  readonly name: string;
  /** Threads that share a step. */
  readonly workers: number;
  /** Values of each answer. */
  readonly classes: number;
  /** In the network's order; each stands behind those that it reads. */
  readonly layers: readonly EngineLayer[];
  /**
   * Updates the weights by one batch. The batch is copied before the call returns, so that its
   * arrays can be used again; a step may be asked for while another runs, and is done after it.
   *
   * @param batch Images `(B, H, W, C)` and their labels.
   * @param learningRate Of this step.
   * @returns The mean loss over the batch before the update, −ln(p + 10⁻⁷); nats.
   */
  step(batch: LabelledImages, learningRate: number): Promise<number>;
  /**
   * Classifies images.
   *
   * @param images `(N, H, W, C)`, values in 0–1.
   * @param options `onChunk`: called now and then; may stop the work by throwing.
   * @returns Probabilities, `(N, classes)`, row-major.
   * @throws {RangeError} If the alteration is not one of this network.
   */
  classify(
    images: ImageBatch,
    options?: InferenceOptions & { readonly onChunk?: () => void },
  ): Promise<Float32Array>;
  /**
   * How each image's loss changes with its pixels, at inference: dropout lets everything through, and
   * batch normalisation goes by its moving averages.
   *
   * @param batch Images `(N, H, W, C)`, values in 0–1, and the label that each one's loss is for.
   * @returns dLoss/dImages, `(N, H, W, C)`, of each image's own loss, −ln(p + 10⁻⁷) in nats. (ART's
   * `loss_gradient` of a Keras model takes the batch's mean, which is N times smaller.)
   */
  inputGradient(batch: LabelledImages): Promise<Float32Array>;
  /**
   * What the last layer says of images before its softmax.
   *
   * @param images `(N, H, W, C)`, values in 0–1.
   * @returns `(N, classes)`, row-major.
   * @throws {RangeError} If the alteration is not one of this network.
   */
  logits(images: ImageBatch, options?: InferenceOptions): Promise<Float32Array>;
  /**
   * What a layer says of images at inference, after its own activation.
   *
   * @param images `(N, H, W, C)`, values in 0–1.
   * @param options `layer`: its name. Unless given, the last hidden layer: what the last dense layer
   * reads, or where the logits are a sum, that of the first summand.
   * @returns `(N, width)`, row-major, each image's output flattened as tfjs's `flatten` does.
   * @throws {RangeError} If there is no such layer, or its output is not kept: the last one's, and where
   * the engine computes a layer together with a ReLU or an addition behind it. Says which are.
   */
  activations(
    images: ImageBatch,
    options?: InferenceOptions & { readonly layer?: string },
  ): Promise<Float32Array>;
  /**
   * How a function of the logits changes with an image's pixels, at inference.
   *
   * @param images `(N, H, W, C)`, values in 0–1.
   * @param gradients That of the function to the logits, `(N, classes)`, row-major; or what makes it of
   * the logits, some images at a time, which saves asking for them. Nothing else can be asked of the
   * engine until such a call has been answered.
   * @returns That to the images, `(N, H, W, C)`.
   * @throws {RangeError} If there are not as many gradients as images.
   */
  pullBack(
    images: ImageBatch,
    gradients: Float32Array | GradientOfLogits,
  ): Promise<Float32Array>;
  /** Writes the weights to the model. */
  save(): void;
  /** Frees everything but the model. */
  dispose(): void;
}

/**
 * Refuses gradients at the logits that are not one a class and image.
 *
 * @throws {RangeError}
 */
export function requireGradients(
  { length }: Float32Array,
  { images, classes }: { readonly images: number; readonly classes: number },
): void {
  if (length === images * classes) return;
  throw new RangeError(
    `Cannot pull a gradient back: it must have ${classes} values for each of ${images} images, ` +
      `got ${length}`,
  );
}

/**
 * What a function makes of logits.
 *
 * @throws {RangeError} If that is not one value a class and image.
 */
export function gradientOf(
  make: GradientOfLogits,
  { logits, first, classes }: {
    readonly logits: Float32Array;
    readonly first: number;
    readonly classes: number;
  },
): Float32Array {
  const gradients = make(logits, first);
  requireGradients(gradients, { images: logits.length / classes, classes });
  return gradients;
}
