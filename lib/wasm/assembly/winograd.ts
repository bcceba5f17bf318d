/**
 * Convolution by 3×3 filters at stride 1 with a quarter of the multiplications: Winograd's minimal
 * filtering F(4×4, 3×3) (Lavin, Gray, arXiv 1509.09308). Tiles of 6×6 pixels, which overlap by two,
 * and the filters are taken to 36 values each by small linear transforms; there, convolution is one
 * matrix product over channels for each of the 36, and a third transform takes those to 4×4 pixels.
 *
 * 5×5 filters go the same way with tiles of 8×8 pixels: F(4×4, 5×5) takes 64 products for what are
 * 400 otherwise.
 */

import { Convolution } from "./convolution";
import { wholeTiles } from "./pack";
import { ACCUMULATE, RELU, tileRows } from "./tile";
import { COLUMNS, computeWholeTile, ROWS, TILE_ROW } from "./whole_tile";
import { across, planePitch, sideOf, transformInput } from "./winograd_tiles";
import { LINE_STEP, OUT, Transform } from "./winograd_transform";

/** Bytes of transformed tiles that are multiplied at a time: they stay in the second-level cache. */
const BLOCK_BYTES: i32 = 1 << 16;

/** Channels on either side below which the transforms cost about what they save: measured. */
const FEWEST_CHANNELS: i32 = 16;

/** Whether `conv2d` goes by Winograd. */
export function usesWinograd(shape: Convolution): bool {
  return suitsWinograd(shape, shape.outH, shape.outW);
}

/** The same of a convolution of this filter to `(h, w)` pixels, of which tiles must fill enough. */
export function suitsWinograd(shape: Convolution, h: i32, w: i32): bool {
  return (shape.filterH == 3 || shape.filterH == 5) && shape.filterW == shape.filterH &&
    shape.strideH == 1 && shape.strideW == 1 && shape.dilationH == 1 && shape.dilationW == 1 &&
    shape.inC >= FEWEST_CHANNELS && shape.outC >= FEWEST_CHANNELS &&
    <f64> across(h) * across(w) * (OUT * OUT) <= <f64> 2 * h * w;
}

/** Bytes of transformed filters between so many channels. */
export function winogradPreparedBytes(side: i32, inC: i32, outC: i32): f64 {
  return <f64> side * side * 4 * wholeTiles(outC) * inC;
}

/** Transforms the filter `(filterH, filterW, inC, outC)` of a convolution. */
export function winogradPrepare(shape: Convolution, filter: usize, prepared: usize): void {
  const row = <usize> shape.outC << 2;
  const tap = <usize> shape.inC * row;
  prepareWinograd(sideOf(shape), filter, tap, row, 4, shape.inC, shape.outC, prepared);
}

/**
 * Transforms a filter, element (tap, i, j) of which lies at
 * `filter + tap·tapStep + i·rowStep + j·columnStep`, to panels of `(side², inC, COLUMNS)`, the last
 * one filled with zeros.
 *
 * @param panels `winogradPreparedBytes(side, inC, outC)` bytes.
 */
export function prepareWinograd(
  side: i32,
  filter: usize,
  tapStep: usize,
  rowStep: usize,
  columnStep: usize,
  inC: i32,
  outC: i32,
  panels: usize,
): void {
  const plane = <usize> (inC * COLUMNS) << 2;
  const values = side * side, size = side - OUT + 1;
  for (let j = 0; j < outC; j += COLUMNS) {
    const columns = min(COLUMNS, outC - j);
    if (columns < COLUMNS) memory.fill(panels, 0, plane * values);
    for (let tap = 0; tap < size * size; tap++) {
      const from = filter + <usize> tap * tapStep + <usize> j * columnStep;
      const to = panels + <usize> (tap / size * side + tap % size) * plane;
      for (let i = 0; i < inC; i++) {
        for (let column = 0; column < columns; column++) {
          store<f32>(
            to + (<usize> (i * COLUMNS + column) << 2),
            load<f32>(from + <usize> i * rowStep + <usize> column * columnStep),
          );
        }
      }
    }
    for (let at: usize = 0; at < plane; at += 16) {
      if (side == 6) Transform.filterTile(6, panels + at, plane);
      else Transform.filterTile(8, panels + at, plane);
    }
    panels += plane * values;
  }
}

/** Tiles that are multiplied at a time: a multiple of the register tile's rows. */
export function tilesAtOnce(side: i32, inC: i32): i32 {
  return max(1, BLOCK_BYTES / (side * side * 4 * ROWS) / inC) * ROWS;
}

/** Bytes of scratch that `winograd` takes for so many channels of x. */
export function winogradScratch(side: i32, inC: i32): f64 {
  const planes = <f64> tilesAtOnce(side, inC) * (<f64> inC + COLUMNS) * 4 + 2 * 128;
  return side * side * (planes + LINE_STEP + <f64> max(inC, COLUMNS) * 4) + TILE_ROW;
}

/**
 * As `conv2d`, where `usesWinograd(shape)`.
 *
 * @param prepared The filter, by `winogradPrepare`.
 * @param flags `ACCUMULATE`, `RELU`.
 * @param scratch `winogradScratch(sideOf(shape), shape.inC)` bytes.
 */
export function winograd(
  shape: Convolution,
  images: i32,
  x: usize,
  prepared: usize,
  y: usize,
  bias: usize,
  flags: i32,
  scratch: usize,
): void {
  const inC = shape.inC, outC = shape.outC;
  const side = sideOf(shape);
  const values = <usize> (side * side);
  const most = tilesAtOnce(side, inC);
  const inRow = <usize> inC << 2, inPlane = planePitch(most * inC);
  const outPlane = planePitch(most * COLUMNS);
  const panel = <usize> inC * TILE_ROW;
  const zeros = scratch;
  const lines = zeros + TILE_ROW;
  const patch = lines + values * LINE_STEP;
  const transformed = patch + values * max(inRow, TILE_ROW);
  const products = transformed + inPlane * values;
  const none: f32 = -Infinity;
  memory.fill(zeros, 0, TILE_ROW);
  const total = images * across(shape.outH) * across(shape.outW);
  for (let first = 0; first < total; first += most) {
    const tiles = min(most, total - first);
    for (let tile = 0; tile < tiles; tile++) {
      transformInput(
        shape,
        x,
        first + tile,
        transformed + <usize> tile * inRow,
        inPlane,
        lines,
        patch,
      );
    }
    let b = prepared;
    for (let j = 0; j < outC; j += COLUMNS) {
      for (let value: usize = 0; value < values; value++) {
        let a = transformed + value * inPlane;
        let c = products + value * outPlane;
        for (let i = 0; i < tiles;) {
          const rows = tileRows(tiles - i);
          computeWholeTile(rows, a, inRow, 4, 0, 1, inC, b, TILE_ROW, zeros, 0, none, c, TILE_ROW);
          a += <usize> rows * inRow;
          c += <usize> rows * TILE_ROW;
          i += rows;
        }
        b += panel;
      }
      for (let tile = 0; tile < tiles; tile++) {
        transformOutput(
          shape,
          products + <usize> tile * TILE_ROW,
          outPlane,
          y,
          first + tile,
          j,
          bias,
          flags,
          lines,
          patch,
        );
      }
    }
  }
}

/** Transforms the products of one tile, of the channels from j, adds the bias, clamps, stores. */
function transformOutput(
  shape: Convolution,
  from: usize,
  plane: usize,
  y: usize,
  tile: i32,
  j: i32,
  bias: usize,
  flags: i32,
  lines: usize,
  patch: usize,
): void {
  const outH = shape.outH, outW = shape.outW, outC = shape.outC;
  const wide = across(outW);
  const row = tile / wide, high = across(outH);
  const top = (row % high) * OUT, left = (tile % wide) * OUT;
  const height = min(OUT, outH - top), width = min(OUT, outW - left);
  const channels = min(COLUMNS, outC - j);
  const yPixel = <usize> outC << 2, yPitch = <usize> outW * yPixel;
  y += (<usize> (row / high * outH + top) * outW + left) * yPixel + (<usize> j << 2);
  // Tiles that reach beyond y, or are added to it, are worked out beside it.
  const isDirect = height == OUT && width == OUT && (flags & ACCUMULATE) == 0;
  const to = isDirect ? y : patch;
  const pixel = isDirect ? yPixel : TILE_ROW;
  const pitch = isDirect ? yPitch : pixel * OUT;
  const clampsHere = (flags & (RELU | ACCUMULATE)) == RELU;
  const floor = f32x4.splat(clampsHere ? 0 : -Infinity);
  if (bias != 0) bias += <usize> j << 2;
  if (sideOf(shape) == 6) {
    AllChannels.output(6, channels, from, plane, lines, to, pitch, pixel, bias, floor);
  } else {
    AllChannels.output(8, channels, from, plane, lines, to, pitch, pixel, bias, floor);
  }
  if (isDirect) return;
  for (let line = 0; line < height; line++) {
    for (let column = 0; column < width; column++) {
      const at = <usize> (line * OUT + column) * pixel;
      movePixel(patch + at, y + <usize> column * yPixel, channels, flags);
    }
    y += yPitch;
  }
}

/** Moves or adds a pixel to where it belongs. */
function movePixel(from: usize, to: usize, channels: i32, flags: i32): void {
  let c = 0;
  for (; c + 4 <= channels; c += 4) {
    let value = v128.load(from);
    if (flags & ACCUMULATE) {
      value = f32x4.add(value, v128.load(to));
      if (flags & RELU) value = f32x4.max(value, f32x4.splat(0));
    }
    v128.store(to, value);
    from += 16;
    to += 16;
  }
  for (; c < channels; c++) {
    let value = load<f32>(from);
    if (flags & ACCUMULATE) {
      value += load<f32>(to);
      if (flags & RELU) value = max<f32>(value, 0);
    }
    store<f32>(to, value);
    from += 4;
    to += 4;
  }
}

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
class AllChannels {
  /** `Transform.outputTile` of all channels. */
  @inline
  static output(
    side: i32,
    channels: i32,
    from: usize,
    plane: usize,
    lines: usize,
    to: usize,
    pitch: usize,
    pixel: usize,
    bias: usize,
    floor: v128,
  ): void {
    let c = 0;
    for (; c + 8 <= channels; c += 8) {
      Transform.outputTile(side, 8, from, plane, lines, to, pitch, pixel, bias, floor);
      from += 32;
      to += 32;
      if (bias != 0) bias += 32;
    }
    for (; c + 4 <= channels; c += 4) {
      Transform.outputTile(side, 4, from, plane, lines, to, pitch, pixel, bias, floor);
      from += 16;
      to += 16;
      if (bias != 0) bias += 16;
    }
    for (; c < channels; c++) {
      Transform.outputTile(side, 1, from, plane, lines, to, pitch, pixel, bias, floor);
      from += 4;
      to += 4;
      if (bias != 0) bias += 4;
    }
  }
}
