/**
 * What a model says of images.
 *
 * @module
 */

import { predictedLabels } from "../core/predicted_labels.ts";
import type { ImageBatch } from "../core/types.ts";

/** Classifies images `(N, H, W, C)`: probabilities `(N, classes)`, row-major. */
export type Classifier = (images: ImageBatch) => Promise<Float32Array>;

/** What a model classifies some images as. */
export interface Predictions {
  /** The most probable class of each image, `(N)`. */
  readonly labels: Uint8Array;
  /** Number of classes that the model knows. */
  readonly classes: number;
}

/**
 * Lets a model read images.
 *
 * @param classify The model.
 * @param images At least one, `(N, H, W, C)`.
 * @throws {RangeError} If the model answers NaN.
 */
export async function readImages(classify: Classifier, images: ImageBatch): Promise<Predictions> {
  const probabilities = await classify(images);
  const classes = probabilities.length / images.shape[0];
  return { labels: predictedLabels(probabilities, classes), classes };
}
