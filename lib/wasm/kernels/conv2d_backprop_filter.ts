/**
 * `Conv2DBackpropFilter`, which the wasm backend lacks: without it no CNN trains there
 * (tensorflow/tfjs issue 8474).
 *
 * @module
 */

import {
  Conv2DBackpropFilter,
  type Conv2DBackpropFilterAttrs,
  type KernelConfig,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import type { KernelCall, Operands } from "./call.ts";
import { callConvolution, convolutionFields, gradientInfo, isSparse } from "./convolution.ts";

/**
 * Gradient of a convolution to its filter `(filterH, filterW, inC, outC)`, from x
 * `(batch, inH, inW, inC)` and dy `(batch, outH, outW, outC)`. Where most of dy is zero, the zeros
 * are skipped: 0·∞ and 0·NaN are then 0.
 *
 * @throws {TypeError} If an operand is not float32.
 * @throws {RangeError} If the images are channels first, or dy does not fit them.
 */
function conv2dBackpropFilter(call: KernelCall): TensorInfo {
  const { x, dy } = call.inputs as Operands<"x" | "dy">;
  const attributes = call.attrs as unknown as Conv2DBackpropFilterAttrs;
  const filter = attributes.filterShape;
  const heap = heapOf(call.backend);
  const { module } = heap;
  const info = gradientInfo({ x: x.shape, filter }, dy, attributes);
  const operands = [heap.pointer(x), heap.pointer(dy)] as const;
  const dFilter = heap.output(filter);
  if (util.sizeFromShape(filter) === 0) return dFilter;
  const dFilterAt = heap.pointer(dFilter);
  const [scratchBytes, run] = isSparse(heap, operands[1], util.sizeFromShape(dy.shape))
    ? [module.conv2dFilterGradientSparseScratch, module.conv2dFilterGradientSparse]
    : [module.conv2dFilterGradientScratch, module.conv2dFilterGradient];
  module.fill(dFilterAt, util.sizeFromShape(filter) * 4);
  callConvolution(heap, convolutionFields(info), {
    scratchBytes,
    run: (shape, scratch) => run(shape, info.batchSize, ...operands, dFilterAt, scratch),
  });
  return dFilter;
}

/** tfjs's `Conv2DBackpropFilter`. */
export const conv2dBackpropFilterConfig: KernelConfig = {
  kernelName: Conv2DBackpropFilter,
  backendName: "wasm",
  kernelFunc: conv2dBackpropFilter,
};
