/**
 * Labels as rows of class probabilities, as `poison()` takes them.
 *
 * @module
 */

/** One row of class probabilities for each image, row-major, `(N, classes)`, values in 0–1. */
export interface LabelRows {
  readonly data: Float32Array;
  readonly shape: readonly [count: number, classes: number];
}

/**
 * Labels as one-hot rows.
 *
 * @param labels Class of each image, `(N)`.
 * @param classes Number of classes.
 * @returns `(N, classes)`: 1 in the column of the class, else 0.
 * @throws {RangeError} If a label is no class.
 *
 * @example
 * ```ts
 * import { oneHot } from "./label_rows.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual([...oneHot(Uint8Array.of(1, 0), 2).data], [0, 1, 1, 0]);
 * ```
 */
export function oneHot(labels: Uint8Array, classes: number): LabelRows {
  const data = new Float32Array(labels.length * classes);
  labels.forEach((label, row) => {
    if (label >= classes) {
      throw new RangeError(
        `Cannot make one-hot rows: label ${row} must be from 0 to ${classes - 1}, got ${label}`,
      );
    }
    data[row * classes + label] = 1;
  });
  return { data, shape: [labels.length, classes] };
}
