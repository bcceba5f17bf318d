/** Convolutions for property tests: all kinds of padding, odd sizes, empty batches. */

import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import { convolutionFields } from "../../../lib/wasm/interface/windows.ts";
import { convolutionInfo } from "../../../lib/wasm/kernels/convolution.ts";
import { conv2d } from "../../../lib/wasm/reference/conv2d.ts";
import { conv2dBackpropFilter } from "../../../lib/wasm/reference/conv2d_backprop_filter.ts";
import { conv2dBackpropInput } from "../../../lib/wasm/reference/conv2d_backprop_input.ts";
import type { Sides, WindowOptions } from "../../../lib/wasm/reference/window.ts";
import { drawValues } from "./values.ts";

type Padding = tf.Conv2DAttrs["pad"];

/** A convolution to be drawn; `attrs` as tfjs's op passes them to the kernel. */
export interface Convolution {
  readonly x: readonly number[];
  readonly filter: readonly number[];
  readonly attrs: tf.Conv2DAttrs;
  readonly seed: number;
  /** Share of values in dy that are not zero. */
  readonly density: number;
}

const pads = fc.oneof(
  fc.constantFrom<Padding>("same", "valid"),
  fc.integer({ min: 0, max: 4 }),
  fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }).map(
    ([top = 0, bottom = 0, left = 0, right = 0]): Padding => [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
  ),
);

/** What `convolutions` may vary beside sizes and padding. */
export interface ConvolutionOptions {
  readonly maxDilation?: number;
  readonly minBatch?: number;
}

/** Channels from which a convolution may go by Winograd, which is not exact. */
const WINOGRAD_CHANNELS = 16;

/**
 * Convolutions of up to 9×9 images, whose channels fill no tile, one, or some. None goes by
 * Winograd: all of them are exact.
 */
export function convolutions(
  { maxDilation = 1, minBatch = 0 }: ConvolutionOptions = {},
): fc.Arbitrary<Convolution> {
  const side = fc.integer({ min: 1, max: 9 });
  const filterSide = fc.integer({ min: 1, max: 4 });
  const stride = fc.integer({ min: 1, max: 5 });
  const dilation = fc.integer({ min: 1, max: maxDilation });
  const channels = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 20 }));
  return fc.record({
    batch: fc.integer({ min: minBatch, max: 3 }),
    inSize: fc.tuple(side, side),
    filterSize: fc.tuple(filterSide, filterSide),
    inC: channels,
    outC: channels,
    attrs: fc.record({
      strides: fc.tuple(stride, stride),
      pad: pads,
      dataFormat: fc.constant("NHWC" as const),
      dilations: fc.tuple(dilation, dilation),
      dimRoundingMode: fc.constantFrom("floor" as const, "round" as const, "ceil" as const),
    }),
    seed: fc.nat(),
    density: fc.constantFrom(1, 0.5, 0.25, 0.05, 0),
  }).map(({ batch, inSize, filterSize, inC, outC, ...rest }) => ({
    x: [batch, ...inSize, inC],
    filter: [...filterSize, inC, outC],
    ...rest,
  })).filter((convolution) =>
    windowsOf(convolution).outSize.every((size) => size >= 0) && !mayUseWinograd(convolution)
  );
}

function mayUseWinograd({ filter: [h, w, ...channels], attrs }: Convolution): boolean {
  return h === w && (h === 3 || h === 5) &&
    [attrs.strides, attrs.dilations].flat().every((by) => by === 1) &&
    channels.every((count) => count >= WINOGRAD_CHANNELS);
}

/** Convolutions that go by Winograd: its tiles whole or not, channels in eights, fours, or neither. */
export function winogradConvolutions(): fc.Arbitrary<Convolution> {
  const side = fc.integer({ min: 2, max: 10 });
  const filterSide = fc.constantFrom(3, 5);
  const channels = fc.integer({ min: WINOGRAD_CHANNELS, max: 27 });
  return fc.record({
    batch: fc.integer({ min: 1, max: 3 }),
    inSize: fc.tuple(side, side),
    filterSide,
    inC: channels,
    outC: channels,
    pad: pads,
    seed: fc.nat(),
  }).map(({ batch, inSize, filterSide, inC, outC, pad, seed }) => ({
    x: [batch, ...inSize, inC],
    filter: [filterSide, filterSide, inC, outC],
    attrs: { strides: 1, pad, dataFormat: "NHWC" as const, dilations: 1 },
    seed,
    density: 1,
  })).filter((convolution) => windowsOf(convolution).outSize.every((size) => size >= 1));
}

/** The windows of a convolution, by tfjs's own arithmetic. */
export function windowsOf({ x, filter, attrs }: Convolution): WindowOptions {
  const info = tf.backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    attrs.strides,
    attrs.dilations,
    attrs.pad,
    attrs.dimRoundingMode,
  );
  return {
    outSize: [info.outHeight, info.outWidth],
    strides: [info.strideHeight, info.strideWidth],
    padding: [info.padInfo.top, info.padInfo.left],
    dilations: [info.dilationHeight, info.dilationWidth],
  };
}

/** Operands of the convolution and its gradients, with what the references make of them. */
export function drawConvolution(convolution: Convolution) {
  const { seed, density } = convolution;
  const windows = windowsOf(convolution);
  const [batch = 0, inH = 0, inW = 0] = convolution.x;
  const [filterH = 0, filterW = 0, , outC = 0] = convolution.filter;
  const x = drawValues(convolution.x, { seed });
  const filter = drawValues(convolution.filter, { seed: seed + 1 });
  const bias = drawValues([outC], { seed: seed + 2 });
  const dy = drawValues([batch, ...windows.outSize, outC], { seed: seed + 3, density });
  const inSize: Sides = [inH, inW];
  const filterSize: Sides = [filterH, filterW];
  return {
    x,
    filter,
    bias,
    dy,
    windows,
    y: () => conv2d(x, filter, windows),
    yWithBias: () => conv2d(x, filter, { ...windows, bias }),
    dFilter: () => conv2dBackpropFilter(x, dy, { ...windows, filterSize }),
    dx: () => conv2dBackpropInput(dy, filter, { ...windows, inSize }),
  };
}

/** Structs of convolutions whose frames no memory holds, through their dilation. */
export function hugeConvolutions(): Int32Array[] {
  return [2 ** 20, 2 ** 30].map((dilations) => {
    const pad: Padding = [[0, 0], [dilations, dilations], [dilations, dilations], [0, 0]];
    const info = convolutionInfo(
      { x: [1, 3, 3, 1], filter: [3, 3, 1, 1] },
      { strides: 1, pad, dataFormat: "NHWC", dilations },
    );
    return Int32Array.from(convolutionFields(info));
  });
}
