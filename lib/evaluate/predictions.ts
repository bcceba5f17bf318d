/**
 * What a model says of images.
 *
 * @module
 */

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

/**
 * The most probable class of each row; of equal ones, the first.
 *
 * @param probabilities `(N, classes)`, row-major.
 * @throws {RangeError} If one of them is NaN.
 */
export function predictedLabels(probabilities: Float32Array, classes: number): Uint8Array {
  return Uint8Array.from({ length: probabilities.length / classes }, (_, row) => {
    const scores = probabilities.subarray(row * classes, (row + 1) * classes);
    const highest = Math.max(...scores);
    if (Number.isNaN(highest)) {
      throw new RangeError(
        `Cannot read predictions: probabilities must be numbers, got NaN in row ${row}; the model's ` +
          "weights are broken, train it again",
      );
    }
    return scores.indexOf(highest);
  });
}
