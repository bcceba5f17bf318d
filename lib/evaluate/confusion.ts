/**
 * Counting what is classified as what.
 *
 * @module
 */

import type { Predictions } from "./predictions.ts";

/** `confusion[i][j]`: number of images of class i that are classified as j. */
export type Confusion = readonly (readonly number[])[];

/**
 * Counts predictions.
 *
 * @param labels The true class of each image, `(N)`.
 * @param predictions What a model classifies them as.
 */
export function countConfusion(
  labels: Uint8Array,
  { labels: predicted, classes }: Predictions,
): Confusion {
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  labels.forEach((label, i) => {
    confusion[label]![predicted[i]!]!++;
  });
  return confusion;
}

/** Adds up. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
