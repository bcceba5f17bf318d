/**
 * One step of Adam.
 *
 * @module
 */

import type { AdamOptions } from "../kernels/adam_step.ts";
import type { Values } from "./values.ts";

/** A variable and its two moments, all of one shape. */
export interface AdamValues {
  readonly value: Values;
  readonly firstMoment: Values;
  readonly secondMoment: Values;
}

/**
 * Kingma & Ba, arXiv 1412.6980, algorithm 1, with the decoupled weight decay of Loshchilov & Hutter,
 * arXiv 1711.05101, algorithm 2: the weight loses `learningRate · weightDecay` of itself.
 *
 * @param state Before the step; left as it is.
 * @param gradient Of the shape of `state.value`.
 * @param options The constants, and which step this is, from 1.
 */
export function adam(
  { value, firstMoment, secondMoment }: AdamValues,
  gradient: Values,
  { learningRate, beta1, beta2, epsilon, weightDecay, step }: AdamOptions & { step: number },
): AdamValues {
  const { shape } = value;
  const first = firstMoment.data.map((m, i) => beta1 * m + (1 - beta1) * gradient.data[i]!);
  const second = secondMoment.data.map((v, i) => beta2 * v + (1 - beta2) * gradient.data[i]! ** 2);
  const next = value.data.map((weight, i) => {
    const corrected = first[i]! / (1 - beta1 ** step);
    const spread = Math.sqrt(second[i]! / (1 - beta2 ** step));
    const decayed = weight - learningRate * weightDecay * weight;
    return decayed - learningRate * corrected / (spread + epsilon);
  });
  return {
    value: { data: next, shape },
    firstMoment: { data: first, shape },
    secondMoment: { data: second, shape },
  };
}
