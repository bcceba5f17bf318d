/**
 * The kernels that skip a gradient's zeros.
 *
 * @module
 */

/** Functions of `assembly/sparse.ts`. */
export interface SparseKernels {
  countNonZero(values: number, n: number): number;
  conv2dFilterGradientSparseScratch(shape: number): number;
  conv2dFilterGradientSparse(
    shape: number,
    images: number,
    x: number,
    dy: number,
    dFilter: number,
    scratch: number,
  ): void;
  conv2dInputGradientSparseScratch(shape: number): number;
  conv2dInputGradientSparse(
    shape: number,
    images: number,
    dy: number,
    filter: number,
    dx: number,
    scratch: number,
  ): void;
}
