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
import { type Heap, heapOf } from "../heap.ts";
import { convolutionFields } from "../interface/windows.ts";
import type { KernelCall, Operands } from "./call.ts";
import { callPrepared, type ConvolutionInfo, gradientInfo, withWindowsOf } from "./convolution.ts";
import { callSparse, isSparse } from "./sparse_convolution.ts";

/**
 * Gradient of a convolution to its input `(batch, inH, inW, inC)`, from dy
 * `(batch, outH, outW, outC)` and the filter `(filterH, filterW, inC, outC)`. Where most of dy is
 * zero, the zeros are skipped: 0·∞ and 0·NaN are then 0.
 *
 * @throws {TypeError} If an operand is not float32.
 * @throws {RangeError} If the images are channels first, or dy has fewer windows than they.
 */
function conv2dBackpropInput({ inputs, attrs, backend }: KernelCall): TensorInfo {
  const { dy, filter } = inputs as Operands<"dy" | "filter">;
  const attributes = attrs as unknown as Conv2DBackpropInputAttrs;
  const x = attributes.inputShape;
  const info = gradientInfo({ x, filter: filter.shape }, dy, attributes);
  return withWindowsOf(
    info,
    dy,
    backend,
    (dy) => inputGradient(heapOf(backend), { info, x, dy, filter }),
  );
}

function inputGradient(
  heap: Heap,
  { info, x, dy, filter }: Operands<"dy" | "filter"> & {
    readonly info: ConvolutionInfo;
    readonly x: readonly number[];
  },
): TensorInfo {
  const { module } = heap;
  const dyAt = heap.pointer(dy);
  const filterAt = heap.pointer(filter);
  const dx = heap.output(x);
  if (util.sizeFromShape([...x]) === 0) return dx;
  const dxAt = heap.pointer(dx);
  if (isSparse(heap, dyAt, util.sizeFromShape(dy.shape))) {
    sparseGradient(heap, info, { dy: dyAt, filter: filterAt, dx: dxAt });
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

/** The gradient without dy's zeros. */
function sparseGradient(
  heap: Heap,
  info: ConvolutionInfo,
  { dy, filter, dx }: Readonly<Record<"dy" | "filter" | "dx", number>>,
): void {
  const { module } = heap;
  const imageBytes = info.inHeight * info.inWidth * info.inChannels * 4;
  heap.withStruct(
    convolutionFields(info),
    (shape) =>
      heap.withScratch(module.conv2dInputGradientSparsePreparedBytes(shape), (prepared) => {
        module.conv2dInputGradientSparsePrepare(shape, filter, prepared);
        callSparse(heap, info, dy, {
          scratchBytes: module.conv2dInputGradientSparseScratch,
          run: (shape, image, lists, scratch) =>
            module.conv2dInputGradientSparse(
              shape,
              lists,
              prepared,
              dx + image * imageBytes,
              scratch,
            ),
        });
      }),
  );
}

/** tfjs's `Conv2DBackpropInput`. */
export const conv2dBackpropInputConfig: KernelConfig = {
  kernelName: Conv2DBackpropInput,
  backendName: "wasm",
  kernelFunc: conv2dBackpropInput,
};
