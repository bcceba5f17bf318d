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
import { type Heap, heapOf } from "../heap.ts";
import { convolutionFields } from "../interface/windows.ts";
import type { KernelCall, Operands } from "./call.ts";
import {
  callConvolution,
  type ConvolutionInfo,
  gradientInfo,
  withWindowsOf,
} from "./convolution.ts";
import { callSparse, isSparse } from "./sparse_convolution.ts";

/**
 * Gradient of a convolution to its filter `(filterH, filterW, inC, outC)`, from x
 * `(batch, inH, inW, inC)` and dy `(batch, outH, outW, outC)`. Where most of dy is zero, the zeros
 * are skipped: 0·∞ and 0·NaN are then 0.
 *
 * @throws {TypeError} If an operand is not float32.
 * @throws {RangeError} If the images are channels first, or dy has fewer windows than they.
 */
function conv2dBackpropFilter({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const { x, dy } = inputs as Operands<"x" | "dy">;
  const attributes = attrs as unknown as Conv2DBackpropFilterAttrs;
  const filter = attributes.filterShape;
  const info = gradientInfo({ x: x.shape, filter }, dy, attributes);
  return withWindowsOf(
    info,
    dy,
    backend,
    (dy) => filterGradient(heapOf(backend), { info, x, dy, filter }),
  );
}

function filterGradient(
  heap: Heap,
  { info, x, dy, filter }: Operands<"x" | "dy"> & {
    readonly info: ConvolutionInfo;
    readonly filter: readonly number[];
  },
): TensorInfo {
  const { module } = heap;
  const at = { x: heap.pointer(x), dy: heap.pointer(dy) };
  const dFilter = heap.output(filter);
  if (util.sizeFromShape([...filter]) === 0) return dFilter;
  const dFilterAt = heap.pointer(dFilter);
  if (isSparse(heap, at.dy, util.sizeFromShape(dy.shape))) {
    sparseGradient(heap, info, { ...at, dFilter: dFilterAt });
    return dFilter;
  }
  module.fill(dFilterAt, util.sizeFromShape([...filter]) * 4);
  callConvolution(heap, convolutionFields(info), {
    scratchBytes: (shape) => module.conv2dFilterGradientScratch(shape, info.batchSize),
    run: (shape, scratch) =>
      module.conv2dFilterGradient(shape, info.batchSize, at.x, at.dy, dFilterAt, scratch),
  });
  return dFilter;
}

/** The gradient without dy's zeros; it is summed transposed. */
function sparseGradient(
  heap: Heap,
  info: ConvolutionInfo,
  { x, dy, dFilter }: Readonly<Record<"x" | "dy" | "dFilter", number>>,
): void {
  const { module } = heap;
  const { inHeight, inWidth, inChannels, outChannels } = info;
  const window = info.filterHeight * info.filterWidth * inChannels;
  const bytes = window * outChannels * 4;
  const imageBytes = inHeight * inWidth * inChannels * 4;
  heap.withScratch(bytes, (transposed) => {
    module.fill(transposed, bytes);
    callSparse(heap, info, dy, {
      scratchBytes: module.conv2dFilterGradientSparseScratch,
      run: (shape, image, lists, scratch) =>
        module.conv2dFilterGradientSparse(
          shape,
          x + image * imageBytes,
          lists,
          transposed,
          0,
          scratch,
        ),
    });
    module.transpose(transposed, outChannels, window, dFilter);
  });
}

/** tfjs's `Conv2DBackpropFilter`. */
export const conv2dBackpropFilterConfig: KernelConfig = {
  kernelName: Conv2DBackpropFilter,
  backendName: "wasm",
  kernelFunc: conv2dBackpropFilter,
};
