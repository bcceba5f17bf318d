/**
 * Batch normalisation (Ioffe & Szegedy, arXiv 1502.03167).
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";

/** Of each channel. */
export interface Moments {
  readonly mean: Values;
  /** Biased: over the number of rows. */
  readonly variance: Values;
}

/** What is learnt of each channel, and what keeps the variance from zero. */
export interface BatchNormParameters {
  readonly gamma: Values;
  readonly beta: Values;
  readonly epsilon: number;
}

/** Mean and variance of each column of x `(rows, channels)`. */
export function moments(x: Values): Moments {
  const [rows = 0, channels = 0] = x.shape;
  const mean = zeros([channels]);
  const variance = zeros([channels]);
  for (const [i, value] of x.data.entries()) mean.data[i % channels]! += value / rows;
  for (const [i, value] of x.data.entries()) {
    variance.data[i % channels]! += (value - mean.data[i % channels]!) ** 2 / rows;
  }
  return { mean, variance };
}

/**
 * y = (x − mean) / √(variance + ε) · γ + β.
 *
 * @param x `(rows, channels)`.
 */
export function batchNorm(
  x: Values,
  { mean, variance }: Moments,
  { gamma, beta, epsilon }: BatchNormParameters,
): Values {
  const channels = x.shape[1]!;
  const data = x.data.map((value, i) => {
    const c = i % channels;
    const inverse = 1 / Math.sqrt(variance.data[c]! + epsilon);
    return (value - mean.data[c]!) * inverse * gamma.data[c]! + beta.data[c]!;
  });
  return { data, shape: x.shape };
}

/** Gradients of a number to the operands of `batchNorm`, the statistics taken as given. */
export interface BatchNormGradients {
  readonly x: Values;
  readonly mean: Values;
  readonly variance: Values;
  readonly gamma: Values;
  readonly beta: Values;
}

/**
 * The gradients of `batchNorm` by the chain rule.
 *
 * @param x `(rows, channels)`, as dy.
 */
export function batchNormGrad(
  x: Values,
  dy: Values,
  { mean, variance }: Moments,
  { gamma, epsilon }: Omit<BatchNormParameters, "beta">,
): BatchNormGradients {
  const channels = x.shape[1]!;
  const of = () => zeros([channels]);
  const gradients = { x: zeros(x.shape), mean: of(), variance: of(), gamma: of(), beta: of() };
  for (const [i, gradient] of dy.data.entries()) {
    const c = i % channels;
    const inverse = 1 / Math.sqrt(variance.data[c]! + epsilon);
    const deviation = x.data[i]! - mean.data[c]!;
    gradients.x.data[i] = gradient * gamma.data[c]! * inverse;
    gradients.mean.data[c]! -= gradient * gamma.data[c]! * inverse;
    gradients.variance.data[c]! -= gradient * gamma.data[c]! * deviation * inverse ** 3 / 2;
    gradients.gamma.data[c]! += gradient * deviation * inverse;
    gradients.beta.data[c]! += gradient;
  }
  return gradients;
}
