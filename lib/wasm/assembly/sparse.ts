/**
 * Gradients of a convolution from a gradient dy that is mostly zero, as it is behind max pooling,
 * ReLU and dropout: exact, each zero left out. (0·∞ and 0·NaN are therefore 0 here.) They take one
 * image's dy as lists: a row an output pixel, a column a filter.
 */

import { accumulate, ENTRY_BYTES } from "./accumulate";
import { Convolution } from "./convolution";
import { Lists } from "./lists";
import { transpose } from "./pack";

/** Number of values that are not zero, of n. */
export function countNonZero(values: usize, n: i32): i32 {
  let count = 0;
  let i = 0;
  const zero = f32x4.splat(0);
  for (; i + 4 <= n; i += 4) {
    count += i32.popcnt(i32x4.bitmask(f32x4.ne(v128.load(values), zero)));
    values += 16;
  }
  for (; i < n; i++) {
    count += i32(load<f32>(values) != 0);
    values += 4;
  }
  return count;
}

/** Bytes of scratch that `conv2dFilterGradientSparse` takes. */
export function conv2dFilterGradientSparseScratch(shape: Convolution): f64 {
  return <f64> shape.segments * 4 + shape.frameBytes;
}

/**
 * Gradient of a convolution to its filter, from one image.
 *
 * @param x The image.
 * @param lists Its dy: `conv2dListsFromDense`, `conv2dListsFromPool`.
 * @param dFilterT `(outC, filterH, filterW, inC)`, added to.
 * @param dBias `(outC)`, added to, or 0 for none.
 * @param scratch `conv2dFilterGradientSparseScratch(shape)` bytes.
 */
export function conv2dFilterGradientSparse(
  shape: Convolution,
  x: usize,
  lists: Lists,
  dFilterT: usize,
  dBias: usize,
  scratch: usize,
): void {
  const segments = shape.segments, run = shape.run;
  const offsets = scratch;
  const frame = shape.frameOf(x, 0, offsets + <usize> segments * 4);
  shape.writeOffsets(offsets);
  for (let j = 0; j < shape.outC; j++) {
    const list = lists.column(j), end = lists.columnEnd(j);
    for (let s = 0; s < segments; s++) {
      const base = frame + load<u32>(offsets + (<usize> s << 2));
      accumulate(list, end, base, 1, 0, dFilterT, run);
      dFilterT += <usize> run << 2;
    }
    if (dBias != 0) {
      store<f32>(dBias, load<f32>(dBias) + sum(list, end));
      dBias += 4;
    }
  }
}

/** Sum of a list's values. */
function sum(list: usize, end: usize): f32 {
  let total: f32 = 0;
  for (; list < end; list += ENTRY_BYTES) total += load<f32>(list, 4);
  return total;
}

/** Bytes that `conv2dInputGradientSparsePrepare` writes. */
export function conv2dInputGradientSparsePreparedBytes(shape: Convolution): f64 {
  return <f64> shape.outC * shape.window * 4;
}

/**
 * Puts a filter into the order in which `conv2dInputGradientSparse` reads it: for each segment of a
 * window, `(outC, run)`.
 *
 * @param prepared `conv2dInputGradientSparsePreparedBytes(shape)` bytes, overwritten.
 */
export function conv2dInputGradientSparsePrepare(
  shape: Convolution,
  filter: usize,
  prepared: usize,
): void {
  const bytes = <usize> (shape.run * shape.outC) << 2;
  for (let s = 0; s < shape.segments; s++) {
    transpose(filter, shape.run, shape.outC, prepared);
    filter += bytes;
    prepared += bytes;
  }
}

/** Bytes of scratch that `conv2dInputGradientSparse` takes. */
export function conv2dInputGradientSparseScratch(shape: Convolution): f64 {
  return <f64> shape.segments * 4 + shape.frameBytes;
}

/**
 * Gradient of a convolution to its input, for one image: each window's pixels gather the filters
 * that its dy names. One segment of all windows after the other, so that the part of the filters
 * that is read stays in the first-level cache.
 *
 * @param lists The image's dy: `conv2dListsFromDense`, `conv2dListsFromPool`.
 * @param prepared The filter, from `conv2dInputGradientSparsePrepare`.
 * @param dx `(inH, inW, inC)`, overwritten.
 * @param scratch `conv2dInputGradientSparseScratch(shape)` bytes.
 */
export function conv2dInputGradientSparse(
  shape: Convolution,
  lists: Lists,
  prepared: usize,
  dx: usize,
  scratch: usize,
): void {
  const segments = shape.segments, run = shape.run;
  const runBytes = <usize> run << 2;
  const isFramed = shape.isFramed;
  const imageBytes = <usize> (shape.inH * shape.inW * shape.inC) << 2;
  const pitch = <usize> (shape.strideH * shape.framePitch) << 2;
  const step = <usize> (shape.strideW * shape.inC) << 2;
  const offsets = scratch;
  const frame = isFramed ? dx : offsets + <usize> segments * 4;
  shape.writeOffsets(offsets);
  memory.fill(dx, 0, imageBytes);
  if (!isFramed) memory.fill(frame, 0, <usize> shape.frameBytes);
  for (let s = 0; s < segments; s++) {
    let row = frame + load<u32>(offsets + (<usize> s << 2));
    let pixel = 0;
    for (let oy = 0; oy < shape.outH; oy++) {
      let at = row;
      for (let ox = 0; ox < shape.outW; ox++) {
        accumulate(lists.row(pixel), lists.rowEnd(pixel), prepared, runBytes, 0, at, run);
        at += step;
        pixel++;
      }
      row += pitch;
    }
    prepared += runBytes * shape.outC;
  }
  if (!isFramed) shape.addFrame(frame, dx);
}
