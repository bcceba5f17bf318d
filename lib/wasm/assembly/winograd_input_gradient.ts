/**
 * Gradient of a convolution to its input by Winograd: where the stride is 1, it is itself a
 * convolution, over dy padded by what is left of the window, by the reversed filter with its
 * channels exchanged.
 */

import { Convolution } from "./convolution";
import {
  prepareWinograd,
  suitsWinograd,
  winograd,
  winogradPreparedBytes,
  winogradScratch,
} from "./winograd";

/** Bytes of the reversed convolution's sizes, rounded up to a cache line. */
const SIZES_BYTES: i32 = 64;

/** Whether `conv2dInputGradient` goes by Winograd. */
export function inputGradientUsesWinograd(shape: Convolution): bool {
  return suitsWinograd(shape, shape.inH, shape.inW);
}

/** Bytes of the transformed filters. */
export function winogradInputGradientPreparedBytes(shape: Convolution): f64 {
  return winogradPreparedBytes(shape.outC, shape.inC);
}

/** Transforms the filter `(3, 3, inC, outC)` of the convolution whose gradient is taken. */
export function winogradInputGradientPrepare(
  shape: Convolution,
  filter: usize,
  prepared: usize,
): void {
  const column = <usize> shape.outC << 2;
  const tap = <usize> shape.inC * column;
  prepareWinograd(filter + 8 * tap, 0 - tap, 4, column, shape.outC, shape.inC, prepared);
}

/** Bytes of scratch that `winogradInputGradient` takes. */
export function winogradInputGradientScratch(shape: Convolution): f64 {
  return winogradScratch(shape.outC) + SIZES_BYTES;
}

/** As `conv2dInputGradient`, where `inputGradientUsesWinograd(shape)`. */
export function winogradInputGradient(
  shape: Convolution,
  images: i32,
  dy: usize,
  prepared: usize,
  dx: usize,
  flags: i32,
  scratch: usize,
): void {
  const reversed = changetype<Convolution>(scratch);
  reversed.inH = shape.outH;
  reversed.inW = shape.outW;
  reversed.inC = shape.outC;
  reversed.outH = shape.inH;
  reversed.outW = shape.inW;
  reversed.outC = shape.inC;
  reversed.padTop = 2 - shape.padTop;
  reversed.padLeft = 2 - shape.padLeft;
  winograd(reversed, images, dy, prepared, dx, 0, flags, scratch + SIZES_BYTES);
}
