/**
 * The sizes of a layer's windows.
 *
 * @module
 */

import type { WindowSizes } from "../wasm/interface/windows.ts";

type Pair = readonly [height: number, width: number];

/** Windows on an image: integers from 1. */
export interface Windows {
  /** `(H, W, C)` of the image. */
  readonly image: readonly [height: number, width: number, channels: number];
  readonly filter: Pair;
  /** Channels of the output. */
  readonly channels: number;
  readonly strides: Pair;
  readonly dilation: Pair;
  /** `"valid"`: windows within the image alone; `"same"`: as many as strides fit into it. */
  readonly padding: "valid" | "same";
}

/**
 * Works out how windows lie on an image: as tfjs's `computeConv2DInfo` and `computePool2DInfo` do.
 * The output has no pixels if the image is smaller than a window.
 */
export function windowSizes(
  { image, filter, channels, strides, dilation, padding }: Windows,
): WindowSizes {
  const [inHeight, inWidth, inChannels] = image;
  const [vertical, horizontal] = ([0, 1] as const).map((axis) => {
    const reach = (filter[axis] - 1) * dilation[axis] + 1;
    return along(image[axis], { reach, stride: strides[axis], padding });
  });
  return {
    inHeight,
    inWidth,
    inChannels,
    filterHeight: filter[0],
    filterWidth: filter[1],
    outHeight: vertical!.out,
    outWidth: horizontal!.out,
    outChannels: channels,
    strideHeight: strides[0],
    strideWidth: strides[1],
    padInfo: { top: vertical!.before, left: horizontal!.before },
    dilationHeight: dilation[0],
    dilationWidth: dilation[1],
  };
}

/** Along one axis: the number of windows, and the padding before the first pixel. */
function along(
  extent: number,
  { reach, stride, padding }: {
    readonly reach: number;
    readonly stride: number;
    readonly padding: Windows["padding"];
  },
): { out: number; before: number } {
  if (padding === "valid") {
    return { out: Math.max(0, Math.ceil((extent - reach + 1) / stride)), before: 0 };
  }
  const out = Math.ceil(extent / stride);
  return { out, before: Math.floor(Math.max(0, (out - 1) * stride + reach - extent) / 2) };
}
