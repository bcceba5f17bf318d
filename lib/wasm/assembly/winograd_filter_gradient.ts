/**
 * Gradient of a convolution to its filter by Winograd: F(3×3, 4×4), the transpose of F(4×4, 3×3).
 * Tiles of x are transformed as in the forward pass, those of dy from 4×4 pixels to 36 values; for
 * each of the 36, a matrix product sums over all tiles, and one transform at the end takes the sums
 * to the 3×3 filter. By 5×5 filters the same with F(5×5, 4×4), 8×8 pixels and 64 values.
 */

import { Convolution } from "./convolution";
import { wholeTiles } from "./pack";
import { tileRows } from "./tile";
import { COLUMNS, computeWholeTile } from "./whole_tile";
import { suitsWinograd } from "./winograd";
import { across, planePitch, sideOf, transformGradient, transformInput } from "./winograd_tiles";
import { LINE_STEP, Transform } from "./winograd_transform";

/** Bytes of transformed tiles, of x and of dy, that are multiplied at a time: measured. */
const BLOCK_BYTES: i32 = 1 << 18;
/** Tiles from which on what they save outweighs the transform at the end: measured. */
const FEWEST_TILES: i32 = 8;

/** Whether `conv2dFilterGradient` may go by Winograd, given images enough. */
export function filterGradientSuitsWinograd(shape: Convolution): bool {
  return suitsWinograd(shape, shape.outH, shape.outW);
}

/** Whether it does. */
export function filterGradientUsesWinograd(shape: Convolution, images: i32): bool {
  return filterGradientSuitsWinograd(shape) &&
    <f64> images * across(shape.outH) * across(shape.outW) >= FEWEST_TILES;
}

/** Tiles that are multiplied at a time. */
function tilesAtOnce(shape: Convolution): i32 {
  const side = sideOf(shape);
  return max(8, BLOCK_BYTES / (side * side * 4) / (shape.inC + wholeTiles(shape.outC)));
}

/** Bytes of scratch that `winogradFilterGradient` takes. */
export function winogradFilterGradientScratch(shape: Convolution): f64 {
  const inC = <f64> shape.inC, outC = <f64> wholeTiles(shape.outC);
  const planes = <f64> tilesAtOnce(shape) * (inC + outC) + inC * outC;
  const side = sideOf(shape);
  return side * side * (planes * 4 + 3 * 128 + LINE_STEP + max(inC, outC) * 4);
}

/** As `conv2dFilterGradient`, where `filterGradientUsesWinograd(shape, images)`. */
export function winogradFilterGradient(
  shape: Convolution,
  images: i32,
  x: usize,
  dy: usize,
  dFilter: usize,
  scratch: usize,
): void {
  const inC = shape.inC, outC = wholeTiles(shape.outC);
  const side = sideOf(shape);
  const values = <usize> (side * side);
  const most = tilesAtOnce(shape);
  const inRow = <usize> inC << 2, inPlane = planePitch(most * inC);
  const outRow = <usize> outC << 2, outPlane = planePitch(most * outC);
  const sumPlane = planePitch(inC * outC);
  const lines = scratch;
  const patch = lines + values * LINE_STEP;
  const inputs = patch + values * max(inRow, outRow);
  const gradients = inputs + inPlane * values;
  const sums = gradients + outPlane * values;
  memory.fill(sums, 0, sumPlane * values);
  const total = images * across(shape.outH) * across(shape.outW);
  for (let first = 0; first < total; first += most) {
    const tiles = min(most, total - first);
    for (let i = 0; i < tiles; i++) {
      const input = inputs + <usize> i * inRow, gradient = gradients + <usize> i * outRow;
      transformInput(shape, x, first + i, input, inPlane, lines, patch);
      transformGradient(shape, dy, first + i, gradient, outPlane, lines, patch);
    }
    for (let value: usize = 0; value < values; value++) {
      const a = inputs + value * inPlane, b = gradients + value * outPlane;
      addProduct(tiles, a, inC, b, outC, sums + value * sumPlane);
    }
  }
  addFilterGradient(shape, sums, sumPlane, dFilter, lines);
}

/** sums `(inC, outC)` += Aᵀ·B, for A `(tiles, inC)` and B `(tiles, outC)`. */
function addProduct(tiles: i32, a: usize, inC: i32, b: usize, outC: i32, sums: usize): void {
  const aRow = <usize> inC << 2, row = <usize> outC << 2;
  for (let i = 0; i < inC;) {
    const rows = tileRows(inC - i);
    for (let j = 0; j < outC; j += COLUMNS) {
      const panel = b + (<usize> j << 2), c = sums + (<usize> j << 2);
      computeWholeTile(rows, a, 4, aRow, 0, 1, tiles, panel, row, c, row, -Infinity, c, row);
    }
    a += <usize> rows << 2;
    sums += <usize> rows * row;
    i += rows;
  }
}

/** Transforms the sums, and adds them to dFilter. */
function addFilterGradient(
  shape: Convolution,
  sums: usize,
  plane: usize,
  dFilter: usize,
  lines: usize,
): void {
  const inC = shape.inC, outC = shape.outC;
  const tap = <usize> (inC * outC) << 2;
  for (let i = 0; i < inC; i++) {
    if (sideOf(shape) == 6) AllChannels.add(6, outC, sums, plane, lines, dFilter, tap);
    else AllChannels.add(8, outC, sums, plane, lines, dFilter, tap);
    sums += <usize> wholeTiles(outC) << 2;
    dFilter += <usize> outC << 2;
  }
}

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
class AllChannels {
  /** `Transform.addFilterGradient` of all channels. */
  @inline
  static add(
    side: i32,
    channels: i32,
    sums: usize,
    plane: usize,
    lines: usize,
    dFilter: usize,
    tap: usize,
  ): void {
    let j = 0;
    for (; j + 4 <= channels; j += 4) {
      Transform.addFilterGradient(side, 4, sums, plane, lines, dFilter, tap);
      sums += 16;
      dFilter += 16;
    }
    for (; j < channels; j++) {
      Transform.addFilterGradient(side, 1, sums, plane, lines, dFilter, tap);
      sums += 4;
      dFilter += 4;
    }
  }
}
