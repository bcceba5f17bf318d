/**
 * Matrix multiplication.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";

/** Transpositions, and a bias of one value a column. */
export interface MatMulOptions {
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly bias?: Values;
}

/**
 * C[p, i, j] = bias[j] + Σₖ A[p, i, k] · B[p, k, j].
 *
 * @param a `(batch, m, k)`, or `(batch, k, m)` where transposed; a batch of 1 goes with any.
 * @param b `(batch, k, n)`, or `(batch, n, k)` where transposed; likewise.
 * @returns `(batch, m, n)`.
 */
export function matMul(a: Values, b: Values, options: MatMulOptions = {}): Values {
  const { transposeA = false, transposeB = false, bias } = options;
  const [batchA = 0, rowsA = 0, columnsA = 0] = a.shape;
  const [batchB = 0, rowsB = 0, columnsB = 0] = b.shape;
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const n = transposeB ? rowsB : columnsB;
  const c = zeros([batchA === 1 ? batchB : batchA, m, n]);
  let at = 0;
  for (let p = 0; p < c.shape[0]!; p++) {
    const startA = batchA === 1 ? 0 : p * m * k;
    const startB = batchB === 1 ? 0 : p * k * n;
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = bias?.data[j] ?? 0;
        for (let step = 0; step < k; step++) {
          sum += a.data[startA + (transposeA ? step * m + i : i * k + step)]! *
            b.data[startB + (transposeB ? j * k + step : step * n + j)]!;
        }
        c.data[at++] = sum;
      }
    }
  }
  return c;
}
