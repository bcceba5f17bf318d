/**
 * `MaxPoolGrad`. The stock kernel starts its search at the smallest positive float, and so loses
 * the gradient of every window whose maximum is not positive.
 *
 * @module
 */

import { backend_util, type KernelConfig, MaxPoolGrad } from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";

interface Attributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: Parameters<typeof backend_util.computePool2DInfo>[4];
  readonly dimRoundingMode?: "floor" | "round" | "ceil";
}

/**
 * tfjs's `MaxPoolGrad`: dy `(batch, outH, outW, channels)` goes to where the maximum of its window
 * stands in the input `(batch, inH, inW, channels)`; of equal ones to the first in row order.
 */
export const maxPoolGradConfig: KernelConfig = {
  kernelName: MaxPoolGrad,
  backendName: "wasm",
  kernelFunc: ({ inputs, attrs, backend }) => {
    const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as Attributes;
    const x = inputs.input!;
    const heap = heapOf(backend);
    const info = backend_util.computePool2DInfo(
      x.shape as [number, number, number, number],
      filterSize,
      strides,
      1,
      pad,
      dimRoundingMode,
    );
    const fields = [
      info.batchSize,
      info.inHeight,
      info.inWidth,
      info.inChannels,
      info.filterHeight,
      info.filterWidth,
      info.outHeight,
      info.outWidth,
      info.strideHeight,
      info.strideWidth,
      info.padInfo.top,
      info.padInfo.left,
      info.dilationHeight,
      info.dilationWidth,
    ];
    const dx = heap.output(x.shape);
    heap.withStruct(fields, (shape) =>
      heap.module.maxPoolGradient(
        shape,
        heap.pointer(x),
        heap.pointer(inputs.dy!),
        heap.pointer(dx),
      ));
    return dx;
  },
};
