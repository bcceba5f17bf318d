/**
 * One step of gradient descent with momentum.
 *
 * @module
 */

import type { SgdOptions } from "../kernels/sgd_step.ts";
import type { Values } from "./values.ts";

/** A variable and its velocity, of one shape. */
export interface SgdValues {
  readonly value: Values;
  readonly velocity: Values;
}

/**
 * PyTorch's SGD without dampening: g = gradient + weightDecay · w; v = momentum · v + g;
 * w −= learningRate · v, or learningRate · (g + momentum · v) by Nesterov.
 *
 * @param state Before the step; left as it is.
 * @param gradient Of the shape of `state.value`.
 */
export function sgd(
  { value, velocity }: SgdValues,
  gradient: Values,
  { learningRate, momentum, nesterov, weightDecay }: SgdOptions,
): SgdValues {
  const { shape } = value;
  const slope = gradient.data.map((g, i) => g + weightDecay * value.data[i]!);
  const next = velocity.data.map((v, i) => momentum * v + slope[i]!);
  const data = value.data.map((weight, i) => {
    const step = nesterov ? slope[i]! + momentum * next[i]! : next[i]!;
    return weight - learningRate * step;
  });
  return { value: { data, shape }, velocity: { data: next, shape } };
}
