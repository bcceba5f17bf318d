/**
 * What a model does on a test set as it is.
 *
 * @module
 */

import { type Confusion, countConfusion, sum } from "./confusion.ts";
import type { Predictions } from "./predictions.ts";

/** Figures on images as they are; rates are fractions. */
export interface CleanEvaluation {
  readonly cleanAccuracy: number;
  /** Accuracy on the images of each class; `null` for a class without images. */
  readonly perClass: readonly (number | null)[];
  readonly confusion: Confusion;
}

/**
 * Counts how many images are read rightly.
 *
 * @param labels The true class of each image, `(N)`, at least one.
 * @param predictions What a model classifies them as.
 */
export function countClean(labels: Uint8Array, predictions: Predictions): CleanEvaluation {
  const confusion = countConfusion(labels, predictions);
  const right = confusion.map((row, label) => row[label]!);
  return {
    cleanAccuracy: sum(right) / labels.length,
    perClass: confusion.map((row, label) => sum(row) > 0 ? right[label]! / sum(row) : null),
    confusion,
  };
}
