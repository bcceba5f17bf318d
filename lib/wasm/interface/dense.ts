/**
 * The dense kernels: matrix products and convolutions.
 *
 * @module
 */

/**
 * Functions of `assembly/mat_mul.ts`, `assembly/dense.ts`, `assembly/conv2d*.ts` and
 * `assembly/pack.ts`.
 */
export interface DenseKernels {
  matMulScratch(n: number, k: number): number;
  matMul(
    a: number,
    aRow: number,
    aStep: number,
    b: number,
    bRow: number,
    bStep: number,
    c: number,
    cRow: number,
    m: number,
    n: number,
    k: number,
    bias: number,
    flags: number,
    scratch: number,
  ): void;
  denseForwardScratch(inputs: number, units: number): number;
  denseForward(
    x: number,
    images: number,
    inputs: number,
    w: number,
    wPitch: number,
    units: number,
    bias: number,
    flags: number,
    y: number,
    yPitch: number,
    scratch: number,
  ): void;
  conv2dPreparedBytes(shape: number): number;
  conv2dPrepare(shape: number, filter: number, prepared: number): void;
  conv2dScratch(shape: number): number;
  conv2d(
    shape: number,
    images: number,
    x: number,
    prepared: number,
    y: number,
    bias: number,
    flags: number,
    scratch: number,
  ): void;
  conv2dInputGradientPreparedBytes(shape: number): number;
  conv2dInputGradientPrepare(shape: number, filter: number, prepared: number): void;
  conv2dInputGradientScratch(shape: number): number;
  conv2dInputGradient(
    shape: number,
    images: number,
    dy: number,
    prepared: number,
    dx: number,
    flags: number,
    scratch: number,
  ): void;
  conv2dFilterGradientScratch(shape: number, images: number): number;
  conv2dFilterGradient(
    shape: number,
    images: number,
    x: number,
    dy: number,
    dFilter: number,
    scratch: number,
  ): void;
  copy(from: number, to: number, bytes: number): void;
  fill(pointer: number, bytes: number): void;
  transpose(from: number, rows: number, columns: number, to: number): void;
}

/** Flag of `matMul` and `conv2dInputGradient`: add to what the result holds. */
export const ACCUMULATE = 1;
/** Flag of `matMul` and `conv2d`: clamp at zero from below, after the bias. */
export const RELU = 2;
