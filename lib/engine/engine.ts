/**
 * What trains and runs a model: the interface of both engines.
 *
 * @module
 */

import type { ImageBatch, LabelledImages } from "../core/types.ts";

/** A model at work. While it is, the model's weights are the engine's; `save` gives them back. */
export interface Engine {
  /** For a manifest, for example `"compiled"`. */
  readonly name: string;
  /** Threads that share a step. */
  readonly workers: number;
  /** Values of each answer. */
  readonly classes: number;
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
   */
  classify(images: ImageBatch, options?: { onChunk?: () => void }): Promise<Float32Array>;
  /**
   * How each image's loss changes with its pixels, at inference: dropout lets everything through, and
   * batch normalisation goes by its moving averages.
   *
   * @param batch Images `(N, H, W, C)`, values in 0–1, and the label that each one's loss is for.
   * @returns dLoss/dImages, `(N, H, W, C)`, of each image's own loss, −ln(p + 10⁻⁷) in nats. (ART's
   * `loss_gradient` of a Keras model takes the batch's mean, which is N times smaller.)
   */
  inputGradient(batch: LabelledImages): Promise<Float32Array>;
  /** Writes the weights to the model. */
  save(): void;
  /** Frees everything but the model. */
  dispose(): void;
}
