/**
 * One step of Adam on one variable, in one pass over its values.
 *
 * @module
 */

import {
  engine,
  type KernelConfig,
  type Tensor,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import type { KernelCall, Operands } from "./call.ts";

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

/** Answers the new value and moments, in that order. */
function adam({ inputs, attrs, backend }: KernelCall): TensorInfo[] {
  const operands = inputs as Operands<keyof AdamState | "gradient">;
  const { value, firstMoment, secondMoment, gradient } = operands;
  const options = attrs as unknown as AdamOptions & { step: number };
  const { step, learningRate, beta1, beta2, epsilon } = options;
  for (const [name, { shape }] of Object.entries(operands)) {
    util.assertShapesMatch(shape, value.shape, `Cannot take a step of Adam: ${name}: `);
  }
  const heap = heapOf(backend);
  const from = [
    heap.pointer(value),
    heap.pointer(firstMoment),
    heap.pointer(secondMoment),
    heap.pointer(gradient),
  ] as const;
  const results = [heap.output(value.shape), heap.output(value.shape), heap.output(value.shape)];
  const [newValue, newFirst, newSecond] = results.map((result) => heap.pointer(result));
  heap.module.adamStep(
    ...from,
    util.sizeFromShape(value.shape),
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
}

/** The kernel behind `adamStep`. */
export const adamStepConfig: KernelConfig = {
  kernelName: AdamStep,
  backendName: "wasm",
  kernelFunc: adam,
};

/**
 * The state after one step.
 *
 * @param state Before the step; left as it is.
 * @param gradient Of the loss to `value`, of its shape.
 * @param options The constants, and which step this is, from 1.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {Error} If the shapes differ.
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
