/**
 * Sums of rows by segment.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";

/**
 * out[s, …] = Σ x[i, …] over the i whose id is s.
 *
 * @param x `(rows, …)`.
 * @param ids One a row; a row whose id is no segment is left out.
 * @returns `(segments, …)`.
 */
export function unsortedSegmentSum(x: Values, ids: ArrayLike<number>, segments: number): Values {
  const [rows = 0, ...rest] = x.shape;
  const out = zeros([segments, ...rest]);
  const size = x.data.length / Math.max(1, rows);
  for (let row = 0; row < rows; row++) {
    const id = ids[row]!;
    if (id < 0 || id >= segments) continue;
    for (let i = 0; i < size; i++) out.data[id * size + i]! += x.data[row * size + i]!;
  }
  return out;
}
