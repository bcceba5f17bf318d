/**
 * The kernels that skip a gradient's zeros.
 *
 * @module
 */

/**
 * Functions of `assembly/convolution_lists.ts`, `assembly/sparse.ts` and
 * `assembly/sparse_dense.ts`.
 */
export interface SparseKernels {
  countNonZero(values: number, n: number): number;
  conv2dListsBytes(shape: number): number;
  conv2dListsFromDense(shape: number, dy: number, lists: number): void;
  conv2dListsFromPool(
    shape: number,
    pooling: number,
    gradient: number,
    codes: number,
    lists: number,
  ): void;
  conv2dFilterGradientSparseScratch(shape: number): number;
  conv2dFilterGradientSparse(
    shape: number,
    x: number,
    lists: number,
    dFilterT: number,
    dBias: number,
    scratch: number,
  ): void;
  conv2dInputGradientSparsePreparedBytes(shape: number): number;
  conv2dInputGradientSparsePrepare(shape: number, filter: number, prepared: number): void;
  conv2dInputGradientSparseScratch(shape: number): number;
  conv2dInputGradientSparse(
    shape: number,
    lists: number,
    prepared: number,
    dx: number,
    scratch: number,
  ): void;
  denseListsBytes(images: number, units: number): number;
  denseLists(dz: number, images: number, units: number, lists: number): void;
  denseInputGradientSparse(
    lists: number,
    images: number,
    units: number,
    wT: number,
    wTPitch: number,
    from: number,
    to: number,
    dx: number,
    dxPitch: number,
  ): void;
  denseWeightGradientSparse(
    lists: number,
    images: number,
    units: number,
    x: number,
    xPitch: number,
    from: number,
    to: number,
    dWT: number,
    dWTPitch: number,
  ): void;
}
