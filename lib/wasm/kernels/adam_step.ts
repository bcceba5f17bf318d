/**
 * One step of Adam on one variable, in one pass over its values.
 *
 * @module
 */

import { engine, type KernelConfig, type Tensor, util } from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";

const AdamStep = "edgedoor/AdamStep";

/** The constants of one step; `step` counts from 1. */
export interface AdamOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** A variable and its two moments, all of one shape. */
export interface AdamState {
  readonly value: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
}

/** The kernel behind `adamStep`. */
export const adamStepConfig: KernelConfig = {
  kernelName: AdamStep,
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { step, learningRate, beta1, beta2, epsilon } = attrs as unknown as
      & AdamOptions
      & { step: number };
    const { value, firstMoment, secondMoment, gradient } = inputs;
    const heap = heapOf(backend);
    const { shape } = value!;
    const results = [heap.output(shape), heap.output(shape), heap.output(shape)];
    const [newValue, newFirst, newSecond] = results.map((result) => heap.pointer(result));
    heap.module.adamStep(
      heap.pointer(value!),
      heap.pointer(firstMoment!),
      heap.pointer(secondMoment!),
      heap.pointer(gradient!),
      util.sizeFromShape(shape),
      learningRate / (1 - beta1 ** step),
      beta1,
      beta2,
      1 / (1 - beta2 ** step),
      epsilon,
      newValue!,
      newFirst!,
      newSecond!,
    );
    return results;
  },
};

/**
 * The state after one step.
 *
 * @param state Before the step; left as it is.
 * @param gradient Of the loss to `value`, of its shape.
 * @param options The constants, and which step this is, from 1.
 */
export function adamStep(
  state: AdamState,
  gradient: Tensor,
  options: AdamOptions & { step: number },
): AdamState {
  const [value, firstMoment, secondMoment] = engine().runKernel<[Tensor, Tensor, Tensor]>(
    AdamStep,
    { ...state, gradient },
    { ...options },
  );
  return { value, firstMoment, secondMoment };
}
