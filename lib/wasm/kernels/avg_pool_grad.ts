/**
 * `AvgPoolGrad`. The stock kernel divides by the whole area of a window where its forward pass
 * divides by the pixels that lie within the image: beside padding its gradient is too small.
 *
 * @module
 */

import {
  AvgPoolGrad,
  type AvgPoolGradAttrs,
  type KernelConfig,
  type TensorInfo,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import { poolingFields } from "../interface/windows.ts";
import type { KernelCall, Operands } from "./call.ts";
import { poolingInfo } from "./pooling.ts";

/**
 * Shares dy `(batch, outH, outW, channels)` out over its window's pixels in the input
 * `(batch, inH, inW, channels)`.
 *
 * @throws {TypeError} If dy is not float32.
 * @throws {RangeError} If batch or channels of dy do not fit.
 */
function avgPoolGrad(call: KernelCall): TensorInfo {
  const { input, dy } = call.inputs as Operands<"input" | "dy">;
  const heap = heapOf(call.backend);
  const info = poolingInfo({ input, dy }, call.attrs as unknown as AvgPoolGradAttrs);
  const dyAt = heap.pointer(dy);
  const dx = heap.output(input.shape);
  heap.withStruct(
    poolingFields(info),
    (shape) => heap.module.avgPoolGradient(shape, input.shape[0]!, dyAt, 0, heap.pointer(dx)),
  );
  return dx;
}

/** tfjs's `AvgPoolGrad`. */
export const avgPoolGradConfig: KernelConfig = {
  kernelName: AvgPoolGrad,
  backendName: "wasm",
  kernelFunc: avgPoolGrad,
};
