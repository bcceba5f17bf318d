/**
 * Tensors of the references: float64, row-major.
 *
 * @module
 */

/** Values and their shape; `data.length` is the product of `shape`. */
export interface Values {
  readonly data: Float64Array;
  readonly shape: readonly number[];
}

/**
 * A tensor of zeros.
 *
 * @example
 * ```ts
 * import { zeros } from "./values.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(zeros([2, 3]).data.length, 6);
 * ```
 */
export function zeros(shape: readonly number[]): Values {
  const size = shape.reduce((product, length) => product * length, 1);
  return { data: new Float64Array(size), shape };
}
