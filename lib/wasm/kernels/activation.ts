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
import { heapOf } from "../heap.ts";
import { RELU } from "../interface/dense.ts";

/** What tfjs says of the activation of a fused kernel. */
export interface ActivationAttributes {
  readonly activation?: string | null;
  readonly leakyreluAlpha?: number;
}

/** An activation, in two parts. */
export interface Activation {
  /** For the module: ReLU is done where the result is stored. */
  readonly flags: number;
  /**
   * Does what the module does not, by the backend's own kernel.
   *
   * @param y The result before the activation; freed where another takes its place.
   */
  apply(y: TensorInfo, backend: unknown): TensorInfo;
}

/** Kernels of activations that the module does not do itself. */
const kernelNames: ReadonlyMap<string, string> = new Map([
  ["relu6", Relu6],
  ["sigmoid", Sigmoid],
  ["elu", Elu],
  ["prelu", Prelu],
  ["leakyrelu", LeakyRelu],
]);

/**
 * Makes an activation out of tfjs's description.
 *
 * @param alpha The weights of `prelu`.
 * @throws {RangeError} If there is no such activation.
 */
export function createActivation(
  { activation, leakyreluAlpha = 0 }: ActivationAttributes,
  alpha?: TensorInfo,
): Activation {
  const name = activation ?? "linear";
  if (name === "linear" || name === "relu") {
    return { flags: name === "relu" ? RELU : 0, apply: (y) => y };
  }
  const kernelName = kernelNames.get(name);
  if (kernelName === undefined) {
    throw new RangeError(
      `Cannot run a fused kernel: activation must be linear, relu, ${
        [...kernelNames.keys()].join(", ")
      }, got ${name}`,
    );
  }
  return {
    flags: 0,
    apply(y, backend) {
      const result = getKernel(kernelName, "wasm").kernelFunc({
        inputs: alpha ? { x: y, alpha } : { x: y },
        attrs: name === "leakyrelu" ? { alpha: leakyreluAlpha } : {},
        backend: backend as object,
      }) as TensorInfo;
      heapOf(backend).dispose(y);
      return result;
    },
  };
}
