/**
 * The kernels that are neither products nor convolutions.
 *
 * @module
 */

/** Functions of `assembly/pool.ts` and `assembly/elementwise.ts`. */
export interface OtherKernels {
  avgPoolGradient(shape: number, dy: number, dx: number): void;
  maxPoolGradient(shape: number, x: number, dy: number, dx: number): void;
  reluGradient(x: number, dy: number, n: number, dx: number): void;
  sumRows(x: number, rows: number, columns: number, out: number): void;
  dropout(
    x: number,
    n: number,
    seed: number,
    threshold: number,
    scale: number,
    y: number,
  ): void;
  adamStep(
    weights: number,
    first: number,
    second: number,
    gradient: number,
    n: number,
    rate: number,
    beta1: number,
    beta2: number,
    secondCorrection: number,
    epsilon: number,
    newWeights: number,
    newFirst: number,
    newSecond: number,
  ): void;
}
