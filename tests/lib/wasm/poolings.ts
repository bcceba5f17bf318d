/** Poolings for property tests: windows that overlap, leave gaps, or reach into padding. */

import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import type { Sides, WindowOptions } from "../../../lib/wasm/reference/window.ts";

/** A pooling to be drawn; `attrs` as tfjs's op passes them to the kernel. */
export interface Pooling {
  readonly x: readonly [batch: number, inH: number, inW: number, channels: number];
  readonly attrs: tf.MaxPoolGradAttrs;
  readonly seed: number;
}

/** What the references take: the windows, and both sizes. */
export type PoolingWindows = WindowOptions & { filterSize: Sides; inSize: Sides };

const side = fc.integer({ min: 1, max: 9 });
const small = fc.integer({ min: 1, max: 4 });

const channels = fc.integer({ min: 1, max: 11 });

/** Poolings of up to 9×9 images, whose channels fill no vector, one, or some. */
export const poolings: fc.Arbitrary<Pooling> = fc.record({
  x: fc.tuple(fc.nat(3), side, side, channels),
  attrs: fc.record({
    filterSize: fc.tuple(small, small),
    strides: fc.tuple(small, small),
    pad: fc.oneof(fc.constantFrom("same" as const, "valid" as const), fc.nat(2)),
    dimRoundingMode: fc.constantFrom("floor" as const, "ceil" as const),
  }),
  seed: fc.nat(),
}).filter((pooling) => windowsOf(pooling).outSize.every((size) => size >= 0));

/** Poolings each pixel of whose images is in one window. */
export const tilings: fc.Arbitrary<Pooling> = fc.record({
  batch: fc.nat(3),
  windows: fc.tuple(small, small),
  filterSize: fc.tuple(small, small),
  channels,
  seed: fc.nat(),
}).map(({ batch, windows: [high, wide], filterSize, channels, seed }) => ({
  x: [batch, high * filterSize[0], wide * filterSize[1], channels],
  attrs: { filterSize, strides: filterSize, pad: "valid" },
  seed,
}));

/** The windows of a pooling, by tfjs's own arithmetic. */
export function windowsOf({ x, attrs }: Pooling): PoolingWindows {
  const info = tf.backend_util.computePool2DInfo(
    [...x],
    attrs.filterSize,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  return {
    outSize: [info.outHeight, info.outWidth],
    strides: [info.strideHeight, info.strideWidth],
    padding: [info.padInfo.top, info.padInfo.left],
    dilations: [1, 1],
    filterSize: [info.filterHeight, info.filterWidth],
    inSize: [info.inHeight, info.inWidth],
  };
}
