/**
 * Linear equations with a covariance.
 *
 * @module
 */

/**
 * Takes a symmetric positive definite matrix apart into L·Lᵀ (Cholesky).
 *
 * @param matrix `(size, size)`, row-major; its lower triangle is read.
 * @param size At least 1.
 * @returns L, `(size, size)`, row-major, zero above the diagonal.
 * @throws {RangeError} If the matrix is not positive definite.
 *
 * @example
 * ```ts
 * import { choleskyFactor } from "./cholesky.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(choleskyFactor(Float64Array.of(4, 2, 2, 5), 2), Float64Array.of(2, 0, 1, 2));
 * ```
 */
export function choleskyFactor(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * size + column]!;
      for (let k = 0; k < column; k++) {
        rest -= factor[row * size + k]! * factor[column * size + k]!;
      }
      if (row !== column) {
        factor[row * size + column] = rest / factor[column * size + column]!;
        continue;
      }
      // NaN is not above zero either.
      if (!(rest > 0)) {
        throw new RangeError(
          `Cannot factorise a matrix: it must be positive definite, got a pivot of ${rest} in row ` +
            `${row}; give more images, or shrink the covariance further`,
        );
      }
      factor[row * size + row] = Math.sqrt(rest);
    }
  }
  return factor;
}

/**
 * Solves L·x = b.
 *
 * @param factor L, `(size, size)`, row-major, lower triangular, of `choleskyFactor`.
 * @param vector b, `(size)`; x is written over it.
 * @returns Its argument `vector`.
 */
export function solveLower(factor: ArrayLike<number>, vector: Float64Array): Float64Array {
  const size = vector.length;
  for (let row = 0; row < size; row++) {
    let rest = vector[row]!;
    for (let k = 0; k < row; k++) rest -= factor[row * size + k]! * vector[k]!;
    vector[row] = rest / factor[row * size + row]!;
  }
  return vector;
}

/**
 * Solves L·Lᵀ·x = b.
 *
 * @param factor L, `(size, size)`, row-major, lower triangular, of `choleskyFactor`.
 * @param vector b, `(size)`; x is written over it.
 * @returns Its argument `vector`.
 */
export function solve(factor: ArrayLike<number>, vector: Float64Array): Float64Array {
  const size = vector.length;
  solveLower(factor, vector);
  for (let row = size - 1; row >= 0; row--) {
    let rest = vector[row]!;
    for (let k = row + 1; k < size; k++) rest -= factor[k * size + row]! * vector[k]!;
    vector[row] = rest / factor[row * size + row]!;
  }
  return vector;
}
