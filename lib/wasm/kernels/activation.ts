/**
 * The activation at the end of a fused kernel.
 *
 * @module
 */

import {
  Elu,
  getKernel,
  LeakyRelu,
  Prelu,
  Relu6,
  Sigmoid,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { type Heap, heapOf } from "../heap.ts";
import { RELU } from "../module.ts";

/** The activation of a fused kernel, as tfjs names it, with what it needs. */
export interface FusedActivation {
  readonly activation?: string;
  readonly preluActivationWeights?: TensorInfo;
  readonly leakyreluAlpha?: number;
}

const kernelNames: Readonly<Record<string, string>> = {
  relu6: Relu6,
  sigmoid: Sigmoid,
  elu: Elu,
  prelu: Prelu,
  leakyrelu: LeakyRelu,
};

/** Flags for the module: ReLU is done where the result is stored, others come afterwards. */
export function activationFlags({ activation }: FusedActivation): number {
  return activation === "relu" ? RELU : 0;
}

/**
 * Applies an activation that the module does not do itself, by the backend's own kernel.
 *
 * @param y The result before the activation; freed where another takes its place.
 * @throws {Error} If the backend knows no such activation.
 */
export function activate(
  y: TensorInfo,
  options: FusedActivation,
  backend: unknown,
): TensorInfo {
  const { activation = "linear", preluActivationWeights, leakyreluAlpha } = options;
  if (activation === "linear" || activation === "relu") return y;
  const kernel = getKernel(kernelNames[activation] ?? activation, "wasm");
  if (kernel === undefined) {
    throw new Error(
      `Cannot run a fused kernel: activation must be linear, relu, ${
        Object.keys(kernelNames).join(", ")
      }, got ${activation}`,
    );
  }
  const heap: Heap = heapOf(backend);
  const result = kernel.kernelFunc({
    inputs: activation === "prelu" ? { x: y, alpha: preluActivationWeights! } : { x: y },
    attrs: activation === "leakyrelu" ? { alpha: leakyreluAlpha! } : {},
    backend: backend as Parameters<typeof kernel.kernelFunc>[0]["backend"],
  }) as TensorInfo;
  heap.dispose(y);
  return result;
}
