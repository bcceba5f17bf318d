/**
 * Principal components, by an exact eigen-decomposition.
 *
 * @module
 */

import { EigenvalueDecomposition, Matrix } from "ml-matrix";

/** Directions of a cloud of points, the one of most variance first. */
export interface PrincipalComponents {
  /** Where they lie, `(width)`. */
  readonly mean: Float64Array;
  /** The variances along the directions, falling, `(width)`; over N. */
  readonly variances: Float64Array;
  /** Unit vectors, `(width, width)`, one a row; the largest component of each is positive. */
  readonly directions: readonly Float64Array[];
}

/**
 * Finds the directions of points, about their mean.
 *
 * @param points `(N, width)`, row-major.
 */
export function principalComponents(
  points: Float32Array,
  { width }: { readonly width: number },
): PrincipalComponents {
  const count = points.length / width;
  const mean = new Float64Array(width);
  points.forEach((value, i) => mean[i % width]! += value / count);
  const scatter = new Float64Array(width * width);
  const point = new Float64Array(width);
  for (let first = 0; first < points.length; first += width) {
    for (let k = 0; k < width; k++) point[k] = points[first + k]! - mean[k]!;
    for (let i = 0; i < width; i++) {
      const value = point[i]! / count;
      if (value === 0) continue;
      for (let j = 0; j <= i; j++) scatter[i * width + j]! += value * point[j]!;
    }
  }
  const matrix = new Matrix(width, width);
  for (let i = 0; i < width; i++) {
    for (let j = 0; j <= i; j++) {
      matrix.set(i, j, scatter[i * width + j]!);
      matrix.set(j, i, scatter[i * width + j]!);
    }
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  // They come in ascending order.
  const order = Array.from(realEigenvalues.keys()).reverse();
  return {
    mean,
    // Rounding leaves some of those that are zero below it.
    variances: Float64Array.from(order, (k) => Math.max(0, realEigenvalues[k]!)),
    directions: order.map((k) => pointedUp(Float64Array.from(eigenvectorMatrix.getColumn(k)))),
  };
}

/**
 * Where points lie along the first directions.
 *
 * @param points `(N, width)`, row-major.
 * @param count How many directions.
 * @returns `(N, count)`, row-major.
 */
export function project(
  points: Float32Array,
  { mean, directions }: Pick<PrincipalComponents, "mean" | "directions">,
  count: number,
): Float32Array {
  const width = mean.length;
  return Float32Array.from({ length: points.length / width * count }, (_, i) => {
    const [first, direction] = [Math.floor(i / count) * width, directions[i % count]!];
    let sum = 0;
    for (let k = 0; k < width; k++) sum += (points[first + k]! - mean[k]!) * direction[k]!;
    return sum;
  });
}

/** A direction, or its opposite: a vector's sign is nothing that the decomposition decides. */
function pointedUp(direction: Float64Array): Float64Array {
  let largest = 0;
  for (const value of direction) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? direction.map((value) => -value) : direction;
}
