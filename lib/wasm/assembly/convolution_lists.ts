/** The gradient dy of one image of a convolution, as lists: a row an output pixel, a column a filter. */

import { ENTRY_BYTES } from "./accumulate";
import { Convolution } from "./convolution";
import { Lists, listValues } from "./lists";
import { Pooling } from "./pooling";

/** Most places of a pooling's window: its codes are of a byte, and 255 is none of them. */
const PLACES: i32 = 255;

/** Bytes of the lists of one image's dy. */
export function conv2dListsBytes(shape: Convolution): f64 {
  return Lists.bytes(shape.outH * shape.outW, shape.outC) + PLACES * 8 +
    <f64> shape.outC * <f64> ENTRY_BYTES;
}

/** Where pixel (y, x)'s window begins in the frame, in bytes. */
function windowOffset(shape: Convolution, y: i32, x: i32): u32 {
  return <u32> (y * shape.strideH * shape.framePitch + x * shape.strideW * shape.inC) << 2;
}

/**
 * Lists the gradient dy of one image.
 *
 * @param dy `(outH, outW, outC)`.
 * @param lists `conv2dListsBytes(shape)` bytes, overwritten.
 */
export function conv2dListsFromDense(shape: Convolution, dy: usize, lists: Lists): void {
  const outC = shape.outC;
  lists.begin(shape.outH * shape.outW, outC);
  let pixel = 0;
  for (let y = 0; y < shape.outH; y++) {
    for (let x = 0; x < shape.outW; x++) {
      lists.listRow(pixel++, dy, outC, windowOffset(shape, y, x));
      dy += <usize> outC << 2;
    }
  }
}

/**
 * Lists the gradient dy of one image that lies behind max pooling, which sends each value of its
 * own gradient to one pixel. Its windows must not overlap, nor have more than 255 places.
 *
 * @param gradient That of the pooling: `(pooling.outH, pooling.outW, outC)`.
 * @param codes Of the same shape, u8: where in its window each maximum stands (`maxPool`).
 * @param lists `conv2dListsBytes(shape)` bytes, overwritten.
 */
export function conv2dListsFromPool(
  shape: Convolution,
  pooling: Pooling,
  gradient: usize,
  codes: usize,
  lists: Lists,
): void {
  const outC = shape.outC, outW = shape.outW;
  lists.begin(shape.outH * outW, outC);
  const places = changetype<usize>(lists) + <usize> Lists.bytes(shape.outH * outW, outC);
  const found = places + PLACES * 8;
  const windowPlaces = <usize> (pooling.filterH * pooling.filterW);
  writePlaces(shape, pooling, places);
  for (let py = 0; py < pooling.outH; py++) {
    for (let px = 0; px < pooling.outW; px++) {
      const y = py * pooling.strideH - pooling.padTop;
      const x = px * pooling.strideW - pooling.padLeft;
      const firstPixel = y * outW + x;
      const firstOffset = windowOffset(shape, y, x);
      const end = listValues(gradient, outC, found);
      for (let entry = found; entry < end; entry += ENTRY_BYTES) {
        const channel = load<u32>(entry);
        const bits = <u64> load<u32>(entry, 4);
        const code = <usize> load<u8>(codes + <usize> channel);
        // A window that is all padding has no maximum, and its code stands for no place.
        if (code >= windowPlaces) continue;
        const place = places + (code << 3);
        lists.appendToRow(firstPixel + load<i32>(place), channel, bits);
        lists.appendToColumn(channel, firstOffset + load<u32>(place, 4), bits);
      }
      gradient += <usize> outC << 2;
      codes += outC;
    }
  }
}

/** Writes how many pixels, and how many bytes in the frame, each place of a window is off its first. */
function writePlaces(shape: Convolution, pooling: Pooling, places: usize): void {
  for (let y = 0; y < pooling.filterH; y++) {
    for (let x = 0; x < pooling.filterW; x++) {
      const downwards = y * pooling.dilationH, across = x * pooling.dilationW;
      store<i32>(places, downwards * shape.outW + across);
      store<u32>(places, windowOffset(shape, downwards, across), 4);
      places += 8;
    }
  }
}
