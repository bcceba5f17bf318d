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

/** The constants of one step. */
export interface AdamOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** Share of itself, times the learning rate, that each weight loses at a step (AdamW). */
  readonly weightDecay: number;
}

/** A variable and its two moments, all of one shape. */
export interface AdamState {
  readonly value: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
}

function adam({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const operands = inputs as Operands<keyof AdamState | "gradient">;
  const { value, firstMoment, secondMoment, gradient } = operands;
  const options = attrs as unknown as AdamOptions & { step: number };
  const { step, learningRate, beta1, beta2, epsilon, weightDecay } = options;
  for (const [name, { shape }] of Object.entries(operands)) {
    util.assertShapesMatch(shape, value.shape, `Cannot take a step of Adam: ${name}: `);
  }
  const heap = heapOf(backend);
  const firstAt = heap.pointer(firstMoment);
  const secondAt = heap.pointer(secondMoment);
  const gradientAt = heap.pointer(gradient);
  const newValue = heap.copy(value);
  heap.module.adam(
    heap.pointer(newValue),
    firstAt,
    secondAt,
    gradientAt,
    1,
    0,
    util.sizeFromShape(value.shape),
    learningRate / (1 - beta1 ** step),
    beta1,
    beta2,
    1 / (1 - beta2 ** step),
    epsilon,
    learningRate * weightDecay,
  );
  return newValue;
}

/** The kernel behind `adamStep`. */
export const adamStepConfig: KernelConfig = {
  kernelName: AdamStep,
  backendName: "wasm",
  kernelFunc: adam,
};

/**
 * The value after one step.
 *
 * @param state The moments are written over: no clone of them may be in use.
 * @param gradient Of the loss to `value`, of its shape.
 * @param options The constants, and which step this is, from 1.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {Error} If the shapes differ.
 */
export function adamStep(
  state: AdamState,
  gradient: Tensor,
  options: AdamOptions & { step: number },
): Tensor {
  return engine().runKernel<Tensor>(AdamStep, { ...state, gradient }, { ...options });
}
