/**
 * `MaxPoolGrad`. The stock kernel starts its search at the smallest positive float, and so loses
 * the gradient of every window whose maximum is not positive.
 *
 * @module
 */

import {
  type KernelConfig,
  MaxPoolGrad,
  type MaxPoolGradAttrs,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import { poolingFields } from "../interface/windows.ts";
import type { KernelCall, Operands } from "./call.ts";
import { poolingInfo } from "./pooling.ts";

/**
 * Sends dy `(batch, outH, outW, channels)` to where the maximum of its window stands in the input
 * `(batch, inH, inW, channels)`; of equal ones to the first in row order. A NaN counts as the
 * maximum only where its window begins with it.
 *
 * @throws {TypeError} If an operand is not float32.
 * @throws {RangeError} If batch or channels of dy do not fit.
 */
function maxPoolGrad(call: KernelCall): TensorInfo {
  const { input, dy } = call.inputs as Operands<"input" | "dy">;
  const heap = heapOf(call.backend);
  const info = poolingInfo({ input, dy }, call.attrs as unknown as MaxPoolGradAttrs);
  const inputAt = heap.pointer(input);
  const dyAt = heap.pointer(dy);
  const dx = heap.output(input.shape);
  heap.withStruct(
    poolingFields(info),
    (shape) => heap.module.maxPoolGradient(shape, input.shape[0]!, inputAt, dyAt, heap.pointer(dx)),
  );
  return dx;
}

/** tfjs's `MaxPoolGrad`. */
export const maxPoolGradConfig: KernelConfig = {
  kernelName: MaxPoolGrad,
  backendName: "wasm",
  kernelFunc: maxPoolGrad,
};
