/**
 * Softmax and the cross-entropy behind it.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";

/**
 * y[i, j] = exp x[i, j] / Σₖ exp x[i, k].
 *
 * @param x `(rows, columns)`.
 */
export function softmax(x: Values): Values {
  const [rows = 0, columns = 0] = x.shape;
  const y = zeros(x.shape);
  for (let i = 0; i < rows; i++) {
    const row = x.data.subarray(i * columns, (i + 1) * columns);
    const largest = Math.max(...row);
    const powers = row.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((total, power) => total + power, 0);
    y.data.set(powers.map((power) => power / sum), i * columns);
  }
  return y;
}

/**
 * Σᵢ −ln(p[i, labels[i]] + 1e-7), with p the softmax: the loss whose gradient, times a gain, the
 * module's `softmaxCrossEntropyGradient` gives.
 *
 * @param logits `(rows, classes)`.
 * @param labels One a row.
 */
export function softmaxCrossEntropy(logits: Values, labels: ArrayLike<number>): number {
  const [rows = 0, classes = 0] = logits.shape;
  const { data } = softmax(logits);
  let loss = 0;
  for (let i = 0; i < rows; i++) loss -= Math.log(data[i * classes + labels[i]!]! + 1e-7);
  return loss;
}
