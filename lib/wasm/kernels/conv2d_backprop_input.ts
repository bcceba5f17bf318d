/**
 * `Conv2DBackpropInput`, also the forward pass of a transposed convolution. The stock kernel is
 * scalar loops.
 *
 * @module
 */

import {
  Conv2DBackpropInput,
  type Conv2DBackpropInputAttrs,
  type KernelConfig,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import type { KernelCall, Operands } from "./call.ts";
import {
  callConvolution,
  callPrepared,
  convolutionFields,
  gradientInfo,
  isSparse,
} from "./convolution.ts";

/**
 * Gradient of a convolution to its input `(batch, inH, inW, inC)`, from dy
 * `(batch, outH, outW, outC)` and the filter `(filterH, filterW, inC, outC)`. Where most of dy is
 * zero, the zeros are skipped: 0·∞ and 0·NaN are then 0.
 *
 * @throws {TypeError} If an operand is not float32.
 * @throws {RangeError} If the images are channels first, or dy does not fit them.
 */
function conv2dBackpropInput(call: KernelCall): TensorInfo {
  const { dy, filter } = call.inputs as Operands<"dy" | "filter">;
  const attributes = call.attrs as unknown as Conv2DBackpropInputAttrs;
  const x = attributes.inputShape;
  const heap = heapOf(call.backend);
  const { module } = heap;
  const info = gradientInfo({ x, filter: filter.shape }, dy, attributes);
  const dyAt = heap.pointer(dy);
  const filterAt = heap.pointer(filter);
  const dx = heap.output(x);
  if (util.sizeFromShape(x) === 0) return dx;
  const dxAt = heap.pointer(dx);
  if (isSparse(heap, dyAt, util.sizeFromShape(dy.shape))) {
    callConvolution(heap, convolutionFields(info), {
      scratchBytes: module.conv2dInputGradientSparseScratch,
      run: (shape, scratch) =>
        module.conv2dInputGradientSparse(shape, info.batchSize, dyAt, filterAt, dxAt, scratch),
    });
    return dx;
  }
  callPrepared(heap, convolutionFields(info), {
    preparedBytes: module.conv2dInputGradientPreparedBytes,
    prepare: (shape, prepared) => module.conv2dInputGradientPrepare(shape, filterAt, prepared),
    scratchBytes: module.conv2dInputGradientScratch,
    run: (shape, prepared, scratch) =>
      module.conv2dInputGradient(shape, info.batchSize, dyAt, prepared, dxAt, 0, scratch),
  });
  return dx;
}

/** tfjs's `Conv2DBackpropInput`. */
export const conv2dBackpropInputConfig: KernelConfig = {
  kernelName: Conv2DBackpropInput,
  backendName: "wasm",
  kernelFunc: conv2dBackpropInput,
};
