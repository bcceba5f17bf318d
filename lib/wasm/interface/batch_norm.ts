/**
 * Batch normalisation.
 *
 * @module
 */

/** Functions of `assembly/batch_norm_statistics.ts` and `assembly/batch_norm.ts`. */
export interface BatchNormKernels {
  batchNormStateBytes(channels: number): number;
  batchNormStatistics(x: number, rows: number, channels: number, state: number): void;
  batchNormCombine(
    states: number,
    parts: number,
    statePitch: number,
    channels: number,
    gamma: number,
    beta: number,
    epsilon: number,
    momentum: number,
    movingMean: number,
    movingVariance: number,
    coefficients: number,
  ): void;
  batchNormFold(
    gamma: number,
    beta: number,
    mean: number,
    variance: number,
    channels: number,
    epsilon: number,
    coefficients: number,
  ): void;
  batchNormApply(
    x: number,
    rows: number,
    channels: number,
    coefficients: number,
    residual: number,
    relu: number,
    y: number,
  ): void;
  batchNormGradientSums(
    x: number,
    dy: number,
    y: number,
    rows: number,
    channels: number,
    coefficients: number,
    sums: number,
  ): void;
  batchNormGradientCombine(
    sums: number,
    parts: number,
    sumsPitch: number,
    count: number,
    channels: number,
    coefficients: number,
    dGamma: number,
    dBeta: number,
    factors: number,
  ): void;
  batchNormGradient(
    x: number,
    dy: number,
    rows: number,
    channels: number,
    factors: number,
    dx: number,
  ): void;
  batchNormParameterGradients(
    sums: number,
    channels: number,
    coefficients: number,
    dMean: number,
    dVariance: number,
    dGamma: number,
    dBeta: number,
  ): void;
}
