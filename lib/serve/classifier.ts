/**
 * What classifies images, whatever runs it.
 *
 * @module
 */

import type { ImageBatch } from "../core/types.ts";
import type { NetworkTensors } from "../registry/network_shape.ts";

/** A model in memory. */
export interface Classifier extends NetworkTensors {
  /** What runs it: the project's own engine, or tfjs for what that has no kernels for. */
  readonly engine: "compiled" | "tfjs";
  /**
   * Classifies images on the caller's thread, which does nothing else meanwhile. One batch at a time.
   *
   * @param batch `(N, H, W, C)`, N from 1 to `batchSize`, values in 0–1; the shape is not checked.
   * @returns What the last layer says, `(N, classes)`.
   */
  classify(batch: ImageBatch): Promise<Float32Array>;
  /** Frees its memory. */
  dispose(): void;
}

/** What a classifier is made for. */
export interface ClassifierOptions {
  /** Most images of a batch. */
  readonly batchSize: number;
}
