/**
 * Gradient of a convolution to its input by Winograd, in one of two ways.
 *
 * By 3×3 filters, it is itself a convolution, over dy padded by what is left of the window, by the
 * reversed filter with its channels exchanged.
 *
 * By 5×5 filters, that convolution's tiles would be mostly padding. There, the forward pass is
 * transposed step by step: tiles of 4×4 pixels of dy are taken to 64 values, multiplied by the
 * transformed filter with its channels exchanged, and taken to 8×8 pixels, which overlap and are
 * added.
 */

import { Convolution } from "./convolution";
import { ACCUMULATE, tileRows } from "./tile";
import { COLUMNS, computeWholeTile, TILE_ROW } from "./whole_tile";
import {
  prepareWinograd,
  suitsWinograd,
  tilesAtOnce,
  usesWinograd,
  winograd,
  winogradPreparedBytes,
  winogradScratch,
} from "./winograd";
import { across, planePitch, sideOf, transformGradient } from "./winograd_tiles";
import { LINE_STEP, OUT, Transform } from "./winograd_transform";

/** Bytes of the reversed convolution's sizes, rounded up to a cache line. */
const SIZES_BYTES: i32 = 64;
/** Values of a tile of side 8. */
const VALUES: i32 = 64;

/** Whether the forward pass is transposed. */
function isTransposed(shape: Convolution): bool {
  return shape.filterH == 5;
}

/** Whether `conv2dInputGradient` goes by Winograd. */
export function inputGradientUsesWinograd(shape: Convolution): bool {
  return isTransposed(shape) ? usesWinograd(shape) : suitsWinograd(shape, shape.inH, shape.inW);
}

/** Bytes of the transformed filters. */
export function winogradInputGradientPreparedBytes(shape: Convolution): f64 {
  return winogradPreparedBytes(sideOf(shape), shape.outC, shape.inC);
}

/** Transforms the filter `(filterH, filterW, inC, outC)` of the convolution whose gradient is taken. */
export function winogradInputGradientPrepare(
  shape: Convolution,
  filter: usize,
  prepared: usize,
): void {
  const inC = shape.inC, outC = shape.outC, side = sideOf(shape);
  const column = <usize> outC << 2;
  const tap = <usize> inC * column;
  if (isTransposed(shape)) {
    prepareWinograd(side, filter, tap, 4, column, outC, inC, prepared);
  } else {
    prepareWinograd(side, filter + 8 * tap, 0 - tap, 4, column, outC, inC, prepared);
  }
}

/** Bytes of scratch that `winogradInputGradient` takes. */
export function winogradInputGradientScratch(shape: Convolution): f64 {
  return winogradScratch(sideOf(shape), shape.outC) + SIZES_BYTES;
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
  if (isTransposed(shape)) {
    if (!(flags & ACCUMULATE)) {
      memory.fill(dx, 0, <usize> images * (shape.inH * shape.inW * shape.inC) << 2);
    }
    addTransposed(shape, images, dy, prepared, dx, scratch);
    return;
  }
  const reversed = changetype<Convolution>(scratch);
  reversed.inH = shape.outH;
  reversed.inW = shape.outW;
  reversed.inC = shape.outC;
  reversed.filterH = shape.filterH;
  reversed.outH = shape.inH;
  reversed.outW = shape.inW;
  reversed.outC = shape.inC;
  reversed.padTop = 2 - shape.padTop;
  reversed.padLeft = 2 - shape.padLeft;
  winograd(reversed, images, dy, prepared, dx, 0, flags, scratch + SIZES_BYTES);
}

/** The transpose of `winograd`, added to dx. */
function addTransposed(
  shape: Convolution,
  images: i32,
  dy: usize,
  prepared: usize,
  dx: usize,
  scratch: usize,
): void {
  const inC = shape.inC, outC = shape.outC;
  const most = tilesAtOnce(8, outC);
  const row = <usize> outC << 2, plane = planePitch(most * outC);
  const productPlane = planePitch(most * COLUMNS);
  const panel = <usize> outC * TILE_ROW;
  const zeros = scratch;
  const lines = zeros + TILE_ROW;
  const patch = lines + VALUES * LINE_STEP;
  const transformed = patch + VALUES * max(row, TILE_ROW);
  const products = transformed + plane * VALUES;
  const none: f32 = -Infinity;
  memory.fill(zeros, 0, TILE_ROW);
  const total = images * across(shape.outH) * across(shape.outW);
  for (let first = 0; first < total; first += most) {
    const tiles = min(most, total - first);
    for (let i = 0; i < tiles; i++) {
      const to = transformed + <usize> i * row;
      transformGradient(shape, dy, first + i, to, plane, lines, patch);
    }
    let b = prepared;
    for (let j = 0; j < inC; j += COLUMNS) {
      for (let value = 0; value < VALUES; value++) {
        const a = transformed + <usize> value * plane, c = products + <usize> value * productPlane;
        for (let i = 0; i < tiles;) {
          const rows = tileRows(tiles - i);
          const from = a + <usize> i * row, to = c + <usize> i * TILE_ROW;
          computeWholeTile(
            rows,
            from,
            row,
            4,
            0,
            1,
            outC,
            b,
            TILE_ROW,
            zeros,
            0,
            none,
            to,
            TILE_ROW,
          );
          i += rows;
        }
        b += panel;
      }
      for (let i = 0; i < tiles; i++) {
        const from = products + <usize> i * TILE_ROW;
        addTile(shape, from, productPlane, dx, first + i, j, lines, patch);
      }
    }
  }
}

/** Adds the products of one tile, of the channels from j, to the pixels of dx that it reaches. */
function addTile(
  shape: Convolution,
  from: usize,
  plane: usize,
  dx: usize,
  tile: i32,
  j: i32,
  lines: usize,
  patch: usize,
): void {
  const inH = shape.inH, inW = shape.inW, inC = shape.inC;
  const wide = across(shape.outW), high = across(shape.outH), row = tile / wide;
  const top = (row % high) * OUT - shape.padTop, left = (tile % wide) * OUT - shape.padLeft;
  const channels = min(COLUMNS, inC - j);
  const pixel = <usize> inC << 2, pitch = <usize> inW * pixel;
  const to = dx + (<usize> (row / high) * inH * pitch) + <usize> (top * inW + left) * pixel +
    (<usize> j << 2);
  if (top >= 0 && left >= 0 && top + 8 <= inH && left + 8 <= inW) {
    addChannels(channels, from, plane, lines, to, pitch, pixel);
    return;
  }
  memory.fill(patch, 0, VALUES * TILE_ROW);
  addChannels(channels, from, plane, lines, patch, 8 * TILE_ROW, TILE_ROW);
  for (let y = max(0, -top); y < min(8, inH - top); y++) {
    for (let x = max(0, -left); x < min(8, inW - left); x++) {
      const at = to + <usize> y * pitch + <usize> x * pixel;
      addPixel(patch + <usize> (y * 8 + x) * TILE_ROW, at, channels);
    }
  }
}

/** `Transform.addInputGradient` of some channels. */
function addChannels(
  channels: i32,
  from: usize,
  plane: usize,
  lines: usize,
  to: usize,
  pitch: usize,
  pixel: usize,
): void {
  let c = 0;
  for (; c + 8 <= channels; c += 8) {
    Transform.addInputGradient(8, from, plane, lines, to, pitch, pixel);
    from += 32;
    to += 32;
  }
  for (; c + 4 <= channels; c += 4) {
    Transform.addInputGradient(4, from, plane, lines, to, pitch, pixel);
    from += 16;
    to += 16;
  }
  for (; c < channels; c++) {
    Transform.addInputGradient(1, from, plane, lines, to, pitch, pixel);
    from += 4;
    to += 4;
  }
}

/** Adds a pixel to where it belongs. */
function addPixel(from: usize, to: usize, channels: i32): void {
  let c = 0;
  for (; c + 4 <= channels; c += 4) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    from += 16;
    to += 16;
  }
  for (; c < channels; c++) {
    store<f32>(to, load<f32>(to) + load<f32>(from));
    from += 4;
    to += 4;
  }
}
