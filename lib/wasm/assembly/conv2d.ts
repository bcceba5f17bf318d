/** Dense 2-D convolution. */

import { Convolution } from "./convolution";
import { packPanels, wholeTiles } from "./pack";
import { computeTile, TILE_SCRATCH, tileRows } from "./tile";
import { COLUMNS, TILE_ROW } from "./whole_tile";
import {
  usesWinograd,
  winograd,
  winogradPrepare,
  winogradPreparedBytes,
  winogradScratch,
} from "./winograd";
import { sideOf } from "./winograd_tiles";

/** Bytes that `conv2dPrepare` writes. */
export function conv2dPreparedBytes(shape: Convolution): f64 {
  if (usesWinograd(shape)) return winogradPreparedBytes(sideOf(shape), shape.inC, shape.outC);
  return <f64> wholeTiles(shape.outC) * shape.window * 4;
}

/**
 * Puts a filter into the order in which `conv2d` reads it; good for any number of calls.
 *
 * @param prepared `conv2dPreparedBytes(shape)` bytes, overwritten.
 */
export function conv2dPrepare(shape: Convolution, filter: usize, prepared: usize): void {
  if (usesWinograd(shape)) {
    winogradPrepare(shape, filter, prepared);
    return;
  }
  packPanels(filter, <usize> shape.outC << 2, 4, shape.window, shape.outC, prepared);
}

/** Bytes of scratch that `conv2d` takes: exact, also where no heap has as many. */
export function conv2dScratch(shape: Convolution): f64 {
  if (usesWinograd(shape)) return winogradScratch(sideOf(shape), shape.inC);
  return <f64> TILE_SCRATCH + <f64> shape.segments * 4 + shape.frameBytes;
}

/**
 * y = conv(x, filter) + bias: by Winograd, or as a matrix multiplication whose left operand is read
 * out of the frame in place (no im2col).
 *
 * @param prepared The filter, from `conv2dPrepare`.
 * @param y `(images, outH, outW, outC)`, overwritten.
 * @param bias `(outC)`, or 0 for none.
 * @param flags `RELU`.
 * @param scratch `conv2dScratch(shape)` bytes.
 */
export function conv2d(
  shape: Convolution,
  images: i32,
  x: usize,
  prepared: usize,
  y: usize,
  bias: usize,
  flags: i32,
  scratch: usize,
): void {
  if (usesWinograd(shape)) {
    winograd(shape, images, x, prepared, y, bias, flags, scratch);
    return;
  }
  const offsets = scratch + TILE_SCRATCH;
  const frameScratch = offsets + (<usize> shape.segments << 2);
  const pitch = <usize> (shape.strideH * shape.framePitch) << 2;
  const yPitch = <usize> (shape.outW * shape.outC) << 2;
  shape.writeOffsets(offsets);
  for (let image = 0; image < images; image++) {
    let row = shape.frameOf(x, image, frameScratch);
    for (let oy = 0; oy < shape.outH; oy++) {
      convolveRow(shape, row, offsets, prepared, y, bias, flags, scratch);
      row += pitch;
      y += yPitch;
    }
  }
}

/** One output row, whose windows begin at `row` in the frame. */
function convolveRow(
  shape: Convolution,
  row: usize,
  offsets: usize,
  prepared: usize,
  y: usize,
  bias: usize,
  flags: i32,
  scratch: usize,
): void {
  const outC = shape.outC, outW = shape.outW, segments = shape.segments, run = shape.run;
  const yRow = <usize> outC << 2;
  const step = <usize> (shape.strideW * shape.inC) << 2;
  const panelBytes = <usize> shape.window * TILE_ROW;
  for (let ox = 0; ox < outW;) {
    const rows = tileRows(outW - ox);
    let panel = prepared;
    for (let j = 0; j < outC; j += COLUMNS) {
      const column = <usize> j << 2;
      computeTile(
        rows,
        row,
        step,
        4,
        offsets,
        segments,
        run,
        panel,
        TILE_ROW,
        y + column,
        yRow,
        min(COLUMNS, outC - j),
        bias != 0 ? bias + column : 0,
        flags,
        scratch,
      );
      panel += panelBytes;
    }
    row += <usize> rows * step;
    y += <usize> rows * yRow;
    ox += rows;
  }
}
