/**
 * How far the least or the greatest of some numbers lies from the others.
 *
 * @module
 */

/** Makes the median absolute deviation of normally distributed numbers their standard deviation. */
const CONSISTENCY = 1.4826;

/** The middle number, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)]! + sorted[Math.ceil(half)]!) / 2;
}

/**
 * The anomaly index of Neural Cleanse: how many median absolute deviations each number lies from the
 * median (`NeuralCleanseMixin.outlier_detection` of ART). Its authors flag a class whose norm is
 * below the median if its index is above 2, which clean models often are: of ten exchangeable
 * classes, one is in a sixth of all cases, or more.
 *
 * @returns As many, each from 0; infinite where all but a few numbers are the same.
 *
 * @example
 * ```ts
 * import { anomalyIndices } from "./outlier.ts";
 * import assert from "node:assert/strict";
 *
 * const [first] = anomalyIndices([1, 9, 10, 11, 12]);
 * assert.equal(first, 9 / 1.4826);
 * ```
 */
export function anomalyIndices(values: readonly number[]): number[] {
  const middle = median(values);
  const deviations = values.map((value) => Math.abs(value - middle));
  const unit = CONSISTENCY * median(deviations);
  return deviations.map((deviation) => deviation === 0 ? 0 : deviation / unit);
}
