/**
 * One step of gradient descent with momentum on one variable, in one pass over its values.
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

const SgdStep = "edgedoor/SgdStep";

/** The constants of one step. */
export interface SgdOptions {
  readonly learningRate: number;
  /** How much of the velocity remains, from 0 to below 1. */
  readonly momentum: number;
  /** Whether the step looks ahead along the velocity. */
  readonly nesterov: boolean;
  /** Times the weight, added to its gradient. */
  readonly weightDecay: number;
}

/** A variable and its velocity, of one shape. */
export interface SgdState {
  readonly value: Tensor;
  readonly velocity: Tensor;
}

function sgd({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const operands = inputs as Operands<keyof SgdState | "gradient">;
  const { value, velocity, gradient } = operands;
  const { learningRate, momentum, nesterov, weightDecay } = attrs as unknown as SgdOptions;
  for (const [name, { shape }] of Object.entries(operands)) {
    util.assertShapesMatch(shape, value.shape, `Cannot take a step of SGD: ${name}: `);
  }
  const heap = heapOf(backend);
  const velocityAt = heap.pointer(velocity);
  const gradientAt = heap.pointer(gradient);
  const newValue = heap.copy(value);
  heap.module.sgd(
    heap.pointer(newValue),
    velocityAt,
    gradientAt,
    1,
    0,
    util.sizeFromShape(value.shape),
    learningRate,
    momentum,
    weightDecay,
    nesterov ? 1 : 0,
  );
  return newValue;
}

/** The kernel behind `sgdStep`. */
export const sgdStepConfig: KernelConfig = {
  kernelName: SgdStep,
  backendName: "wasm",
  kernelFunc: sgd,
};

/**
 * The value after one step.
 *
 * @param state The velocity is written over: no clone of it may be in use.
 * @param gradient Of the loss to `value`, of its shape.
 * @throws {TypeError} If a tensor is not float32.
 * @throws {Error} If the shapes differ.
 */
export function sgdStep(state: SgdState, gradient: Tensor, options: SgdOptions): Tensor {
  return engine().runKernel<Tensor>(SgdStep, { ...state, gradient }, { ...options });
}
