/**
 * The gradients of a depthwise convolution, `DepthwiseConv2dNativeBackpropFilter` and
 * `DepthwiseConv2dNativeBackpropInput`, which the wasm backend lacks.
 *
 * @module
 */

import {
  DepthwiseConv2dNativeBackpropFilter,
  type DepthwiseConv2dNativeBackpropFilterAttrs,
  DepthwiseConv2dNativeBackpropInput,
  type DepthwiseConv2dNativeBackpropInputAttrs,
  type KernelConfig,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import { convolutionFields } from "../interface/windows.ts";
import type { KernelCall, Operands } from "./call.ts";
import {
  type ConvolutionInfo,
  type ConvolutionShapes,
  gradientInfo,
  ofAllChannels,
  withWindowsOf,
} from "./convolution.ts";

/** Attributes that both gradients have. */
type DepthwiseAttributes =
  & Omit<DepthwiseConv2dNativeBackpropFilterAttrs, "filterShape">
  & Partial<Pick<DepthwiseConv2dNativeBackpropFilterAttrs, "filterShape">>;

/** The sizes of the convolution of all channels that has the same windows. */
function depthwiseInfo(
  shapes: ConvolutionShapes,
  dy: TensorInfo,
  { strides, pad, dilations, dimRoundingMode }: DepthwiseAttributes,
): ConvolutionInfo {
  const attributes = { strides, pad, dilations, dimRoundingMode, dataFormat: "NHWC" } as const;
  return gradientInfo(ofAllChannels(shapes), dy, attributes);
}

/**
 * Gradient to the filter `(filterH, filterW, inC, multiplier)`, from x `(batch, inH, inW, inC)` and
 * dy `(batch, outH, outW, inC · multiplier)`.
 *
 * @throws {TypeError} If an operand is not float32.
 * @throws {RangeError} If dy does not fit.
 */
function backpropFilter(call: KernelCall): TensorInfo {
  const { x, dy } = call.inputs as Operands<"x" | "dy">;
  const attributes = call.attrs as unknown as DepthwiseConv2dNativeBackpropFilterAttrs;
  const filter = attributes.filterShape;
  const info = depthwiseInfo({ x: x.shape, filter }, dy, attributes);
  return withWindowsOf(info, dy, call.backend, (dy) => {
    const heap = heapOf(call.backend);
    const { module } = heap;
    const operands = [heap.pointer(x), heap.pointer(dy)] as const;
    const dFilter = heap.output(filter);
    if (util.sizeFromShape(filter) === 0) return dFilter;
    const to = heap.pointer(dFilter);
    module.fill(to, util.sizeFromShape(filter) * 4);
    heap.withStruct(
      convolutionFields(info),
      (shape) => module.depthwiseFilterGradient(shape, info.batchSize, ...operands, to),
    );
    return dFilter;
  });
}

/**
 * Gradient to the input `(batch, inH, inW, inC)`, from dy and the filter.
 *
 * @throws {TypeError} If an operand is not float32.
 * @throws {RangeError} If dy does not fit.
 */
function backpropInput(call: KernelCall): TensorInfo {
  const { dy, filter } = call.inputs as Operands<"dy" | "filter">;
  const attributes = call.attrs as unknown as DepthwiseConv2dNativeBackpropInputAttrs;
  const x = attributes.inputShape;
  const info = depthwiseInfo({ x, filter: filter.shape }, dy, attributes);
  return withWindowsOf(info, dy, call.backend, (dy) => {
    const heap = heapOf(call.backend);
    const operands = [heap.pointer(dy), heap.pointer(filter)] as const;
    const dx = heap.output(x);
    if (util.sizeFromShape(x) === 0) return dx;
    const to = heap.pointer(dx);
    heap.withStruct(
      convolutionFields(info),
      (shape) => heap.module.depthwiseInputGradient(shape, info.batchSize, ...operands, to),
    );
    return dx;
  });
}

/** tfjs's `DepthwiseConv2dNativeBackpropFilter`. */
export const depthwiseBackpropFilterConfig: KernelConfig = {
  kernelName: DepthwiseConv2dNativeBackpropFilter,
  backendName: "wasm",
  kernelFunc: backpropFilter,
};

/** tfjs's `DepthwiseConv2dNativeBackpropInput`. */
export const depthwiseBackpropInputConfig: KernelConfig = {
  kernelName: DepthwiseConv2dNativeBackpropInput,
  backendName: "wasm",
  kernelFunc: backpropInput,
};
