/**
 * `Sum` over leading axes, the gradient of every bias. The stock kernel transposes the whole
 * tensor first; any other sum is left to it.
 *
 * @module
 */

import {
  backend_util,
  type KernelConfig,
  type SumAttrs,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import type { Operands } from "./call.ts";

/**
 * tfjs's `Sum`.
 *
 * @param stock The kernel that it replaces.
 */
export function sumConfig(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const { axis, keepDims } = call.attrs as unknown as SumAttrs;
      const { x } = call.inputs as Operands<"x">;
      const axes = util.parseAxisParam(axis, x.shape);
      if (!isLeading(axes, x) || x.dtype !== "float32") return stock.kernelFunc(call);
      const heap = heapOf(call.backend);
      const [kept, summed] = backend_util.computeOutAndReduceShapes(x.shape, axes);
      const out = heap.output(keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept);
      heap.module.sumRows(
        heap.pointer(x),
        util.sizeFromShape(summed),
        util.sizeFromShape(kept),
        heap.pointer(out),
      );
      return out;
    },
  };
}

/** Whether a tensor is summed over its first axes, and over some of them only. */
function isLeading(axes: readonly number[], { shape }: TensorInfo): boolean {
  return axes.length > 0 && axes.length < shape.length &&
    axes.every((value, index) => value === index);
}
