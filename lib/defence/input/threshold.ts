/**
 * From scores to verdicts.
 *
 * @module
 */

/**
 * Above which score an image is refused, so that clean ones seldom are: the score of rank
 * ⌈(1 − rate)·(N + 1)⌉ of N clean ones, above which a further clean image's lies with a probability of
 * at most `rate` (split conformal prediction; Vovk et al., "Algorithmic Learning in a Random World").
 *
 * @param scores Of clean images that the profile was not made of, `(N)`; N at least 1 / rate − 1.
 * @param rate The rate of false alarms, above 0 and below 1.
 * @throws {RangeError} If the rate is out of range, the scores are too few, or one of them is NaN.
 *
 * @example
 * ```ts
 * import { thresholdAt } from "./threshold.ts";
 * import assert from "node:assert/strict";
 *
 * const clean = Float32Array.from({ length: 99 }, (_, i) => i + 1);
 * assert.equal(thresholdAt(clean, 0.05), 95);
 * ```
 */
export function thresholdAt(scores: Float32Array, rate: number): number {
  if (!(rate > 0 && rate < 1)) {
    throw new RangeError(
      `Cannot choose a threshold: the rate of false alarms must be above 0 and below 1, got ${rate}`,
    );
  }
  if (scores.some(Number.isNaN)) {
    throw new RangeError("Cannot choose a threshold: scores must be numbers, got NaN");
  }
  // The least bit is rounding, which must not cost a rank.
  const rank = Math.ceil((1 - rate) * (scores.length + 1) - 1e-9);
  if (rank > scores.length) {
    throw new RangeError(
      `Cannot choose a threshold: for a rate of false alarms of ${rate} there must be at least ` +
        `${Math.ceil(1 / rate - 1)} clean scores, got ${scores.length}; give more clean images`,
    );
  }
  return scores.toSorted()[rank - 1]!;
}
