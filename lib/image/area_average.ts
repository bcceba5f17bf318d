/**
 * Resampling by area averaging: an exact box filter.
 *
 * @module
 */

/** An array seen as `(outer, length, inner)`; the middle axis is resampled. */
export interface Axis {
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/**
 * Resamples one axis. Each new element is the mean of the interval that it covers, elements at the
 * ends counting by the share of them that lies within; so the mean of the whole is kept, an equal
 * length changes nothing, and a larger one repeats elements.
 *
 * @param data `(outer, length, inner)`.
 * @param axis The shape of `data`.
 * @param newLength Length of the axis in the result, from 1.
 * @returns `(outer, newLength, inner)`.
 *
 * @example
 * ```ts
 * import { averageAxis } from "./area_average.ts";
 * import assert from "node:assert/strict";
 *
 * const row = averageAxis(new Float32Array([0, 3, 6]), { outer: 1, length: 3, inner: 1 }, 2);
 * assert.deepEqual([...row], [1, 5]);
 * ```
 */
export function averageAxis(data: Float32Array, axis: Axis, newLength: number): Float32Array {
  const { outer, length, inner } = axis;
  const result = new Float32Array(outer * newLength * inner);
  const sums = new Float64Array(inner);
  for (let to = 0; to < newLength; to++) {
    // In units of 1 / newLength of an element, so that all bounds are integers and weights exact.
    const start = to * length;
    const end = start + length;
    const first = Math.floor(start / newLength);
    const last = Math.ceil(end / newLength);
    for (let block = 0; block < outer; block++) {
      sums.fill(0);
      for (let from = first; from < last; from++) {
        const weight = Math.min(end, (from + 1) * newLength) - Math.max(start, from * newLength);
        const source = (block * length + from) * inner;
        for (let i = 0; i < inner; i++) sums[i]! += weight * data[source + i]!;
      }
      const target = (block * newLength + to) * inner;
      for (let i = 0; i < inner; i++) result[target + i] = sums[i]! / length;
    }
  }
  return result;
}
