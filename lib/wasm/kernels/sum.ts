/**
 * `Sum` over leading axes, the gradient of every bias. The stock kernel transposes the whole
 * tensor first; any other sum is left to it.
 *
 * @module
 */

import { backend_util, type KernelConfig, util } from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";

interface Attributes {
  readonly axis: number | number[];
  readonly keepDims: boolean;
}

/**
 * tfjs's `Sum`.
 *
 * @param stock The kernel that it replaces.
 */
export function sumConfig(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const { axis, keepDims } = call.attrs as unknown as Attributes;
      const x = call.inputs.x!;
      const axes = util.parseAxisParam(axis, x.shape);
      const isLeading = axes.length > 0 && axes.length < x.shape.length &&
        axes.every((value, index) => value === index);
      if (!isLeading || x.dtype !== "float32" || util.sizeFromShape(x.shape) === 0) {
        return stock.kernelFunc(call);
      }
      const heap = heapOf(call.backend);
      const [outShape, summed] = backend_util.computeOutAndReduceShapes(x.shape, axes);
      const out = heap.output(
        keepDims ? backend_util.expandShapeToKeepDim(outShape, axes) : outShape,
      );
      heap.module.sumRows(
        heap.pointer(x),
        util.sizeFromShape(summed),
        util.sizeFromShape(outShape),
        heap.pointer(out),
      );
      return out;
    },
  };
}
