/**
 * `DepthwiseConv2dNative` and `FusedDepthwiseConv2D`. The stock kernels work out the size of their
 * result by themselves: where tfjs rounds it up, or takes it from padding in numbers and a filter
 * that is not square, they write less than the result, or beyond it; by "same" padding and a stride
 * larger than the filter they answer zeros. There they are given the frame that all windows reach,
 * by which they come to tfjs's size; elsewhere they remain: they are fast.
 *
 * @module
 */

import {
  type DepthwiseConv2dNativeAttrs,
  getKernel,
  type KernelConfig,
  PadV2,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { heapOf } from "../heap.ts";
import type { KernelCall, Operands } from "./call.ts";
import { type ConvolutionInfo, convolutionInfo, ofAllChannels, withPart } from "./convolution.ts";

/** One side of the images: how it is padded, and how windows lie along it. */
interface Side {
  readonly size: number;
  readonly before: number;
  readonly after: number;
  /** Pixels from the first of a window to its last. */
  readonly reach: number;
  readonly stride: number;
  readonly out: number;
}

function sidesOf(info: ConvolutionInfo): readonly [height: Side, width: Side] {
  const { padInfo } = info;
  return [{
    size: info.inHeight,
    before: padInfo.top,
    after: padInfo.bottom,
    reach: info.effectiveFilterHeight,
    stride: info.strideHeight,
    out: info.outHeight,
  }, {
    size: info.inWidth,
    before: padInfo.left,
    after: padInfo.right,
    reach: info.effectiveFilterWidth,
    stride: info.strideWidth,
    out: info.outWidth,
  }];
}

/** Pixels that all windows reach. */
function frameOf({ reach, stride, out }: Side): number {
  return (out - 1) * stride + reach;
}

/** Whether the stock kernels come to tfjs's size. */
function suitsStock(side: Side, padding: ConvolutionInfo["padInfo"]["type"]): boolean {
  const { size, before, after, reach, stride, out } = side;
  // "Same" padding they work out themselves too, and it may not be below 0.
  return padding === "SAME"
    ? frameOf(side) >= size
    : out === Math.floor((size + before + after - reach) / stride) + 1;
}

/**
 * tfjs's `DepthwiseConv2dNative`, or `FusedDepthwiseConv2D`.
 *
 * @param stock The kernel that it replaces.
 */
export function depthwiseConfig(stock: KernelConfig): KernelConfig {
  return {
    ...stock,
    kernelFunc: (call) => {
      const { x, filter } = call.inputs as Operands<"x" | "filter">;
      const attributes = call.attrs as unknown as DepthwiseConv2dNativeAttrs;
      const shapes = ofAllChannels({ x: x.shape, filter: filter.shape });
      const info = convolutionInfo(shapes, attributes);
      if (util.sizeFromShape(info.outShape) === 0) {
        return heapOf(call.backend).output(info.outShape);
      }
      const sides = sidesOf(info);
      return sides.every((side) => suitsStock(side, info.padInfo.type))
        ? stock.kernelFunc(call)
        : onFrames(stock, call, sides);
    },
  };
}

/** Runs a stock kernel on the frames of its images, written out. */
function onFrames(
  stock: KernelConfig,
  call: KernelCall,
  sides: readonly [height: Side, width: Side],
): TensorInfo | TensorInfo[] {
  const { inputs, attrs, backend } = call;
  const paddings = sides.map((side) => {
    const { size, before } = side;
    return [before, Math.max(0, frameOf(side) - before - size)];
  });
  const padded = getKernel(PadV2, "wasm").kernelFunc({
    inputs: { x: (inputs as Operands<"x">).x },
    attrs: { paddings: [[0, 0], ...paddings, [0, 0]], constantValue: 0 },
    backend,
  }) as TensorInfo;
  try {
    const [height, width] = sides;
    return withPart(
      padded,
      [frameOf(height), frameOf(width)],
      backend,
      (x) =>
        stock.kernelFunc({ inputs: { ...inputs, x }, attrs: { ...attrs, pad: "valid" }, backend }),
    );
  } finally {
    heapOf(backend).dispose(padded);
  }
}
