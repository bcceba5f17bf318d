/**
 * What probabilities say in one word: the class.
 *
 * @module
 */

/**
 * The most probable class of each row; of equal ones, the first.
 *
 * @param probabilities `(N, classes)`, row-major.
 * @throws {RangeError} If one of them is NaN.
 *
 * @example
 * ```ts
 * import { predictedLabels } from "./predicted_labels.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(predictedLabels(Float32Array.of(0.1, 0.9, 0.5, 0.5), 2), Uint8Array.of(1, 0));
 * ```
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
