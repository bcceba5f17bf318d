/** Gradient of a dense 2-D convolution to its input. */

import { Convolution } from "./convolution";
import { packPanels, wholeTiles } from "./pack";
import { ACCUMULATE, computeTile, TILE_SCRATCH, tileRows } from "./tile";
import { COLUMNS, TILE_ROW } from "./whole_tile";
import {
  inputGradientUsesWinograd,
  winogradInputGradient,
  winogradInputGradientPrepare,
  winogradInputGradientPreparedBytes,
  winogradInputGradientScratch,
} from "./winograd_input_gradient";

/** Bytes that `conv2dInputGradientPrepare` writes. */
export function conv2dInputGradientPreparedBytes(shape: Convolution): f64 {
  if (inputGradientUsesWinograd(shape)) return winogradInputGradientPreparedBytes(shape);
  return <f64> shape.segments * wholeTiles(shape.run) * shape.outC * 4;
}

/**
 * Puts a filter into the order in which `conv2dInputGradient` reads it: for each segment of a
 * window a matrix `(outC, run)`.
 *
 * @param prepared `conv2dInputGradientPreparedBytes(shape)` bytes, overwritten.
 */
export function conv2dInputGradientPrepare(
  shape: Convolution,
  filter: usize,
  prepared: usize,
): void {
  if (inputGradientUsesWinograd(shape)) {
    winogradInputGradientPrepare(shape, filter, prepared);
    return;
  }
  const outC = shape.outC, run = shape.run;
  const column = <usize> outC << 2;
  for (let s = 0; s < shape.segments; s++) {
    packPanels(filter, 4, column, outC, run, prepared);
    filter += <usize> run * column;
    prepared += <usize> wholeTiles(run) * column;
  }
}

/** Bytes of scratch that `conv2dInputGradient` takes: exact, also where no heap has as many. */
export function conv2dInputGradientScratch(shape: Convolution): f64 {
  if (inputGradientUsesWinograd(shape)) return winogradInputGradientScratch(shape);
  return <f64> TILE_SCRATCH + <f64> shape.segments * 4 + shape.frameBytes;
}

/**
 * Gradient of a convolution to its input, by Winograd or directly. There, each dy times the filter
 * is what it sends to its window: tiles of neighbouring windows add it to the frame in place. A tile
 * finishes one row after the other, so that windows may overlap.
 *
 * @param dy `(images, outH, outW, outC)`.
 * @param prepared The filter, from `conv2dInputGradientPrepare`.
 * @param dx `(images, inH, inW, inC)`, overwritten, or added to.
 * @param flags `ACCUMULATE`.
 * @param scratch `conv2dInputGradientScratch(shape)` bytes.
 */
export function conv2dInputGradient(
  shape: Convolution,
  images: i32,
  dy: usize,
  prepared: usize,
  dx: usize,
  flags: i32,
  scratch: usize,
): void {
  if (inputGradientUsesWinograd(shape)) {
    winogradInputGradient(shape, images, dy, prepared, dx, flags, scratch);
    return;
  }
  const isFramed = shape.isFramed;
  const offsets = scratch + TILE_SCRATCH;
  const frame = offsets + <usize> shape.segments * 4;
  const imageBytes = <usize> (shape.inH * shape.inW * shape.inC) << 2;
  const frameBytes = <usize> shape.frameBytes;
  const dyBytes = <usize> (shape.outH * shape.outW * shape.outC) << 2;
  shape.writeOffsets(offsets);
  for (let image = 0; image < images; image++) {
    if (!(flags & ACCUMULATE)) memory.fill(dx, 0, imageBytes);
    if (isFramed) {
      addToFrame(shape, dy, prepared, dx, offsets, scratch);
    } else {
      memory.fill(frame, 0, frameBytes);
      addToFrame(shape, dy, prepared, frame, offsets, scratch);
      shape.addFrame(frame, dx);
    }
    dy += dyBytes;
    dx += imageBytes;
  }
}

/** Adds one image's gradient to its frame. */
function addToFrame(
  shape: Convolution,
  dy: usize,
  prepared: usize,
  frame: usize,
  offsets: usize,
  scratch: usize,
): void {
  const outC = shape.outC, run = shape.run;
  const dyRow = <usize> outC << 2;
  const step = <usize> (shape.strideW * shape.inC) << 2;
  const pitch = <usize> (shape.strideH * shape.framePitch) << 2;
  for (let oy = 0; oy < shape.outH; oy++) {
    for (let ox = 0; ox < shape.outW;) {
      const rows = tileRows(shape.outW - ox);
      let panel = prepared;
      for (let s = 0; s < shape.segments; s++) {
        const window = frame + <usize> ox * step + load<u32>(offsets + (<usize> s << 2));
        for (let j = 0; j < run; j += COLUMNS) {
          computeTile(
            rows,
            dy,
            dyRow,
            4,
            0,
            1,
            outC,
            panel,
            TILE_ROW,
            window + (<usize> j << 2),
            step,
            min(COLUMNS, run - j),
            0,
            ACCUMULATE,
            scratch,
          );
          panel += <usize> COLUMNS * dyRow;
        }
      }
      dy += <usize> rows * dyRow;
      ox += rows;
    }
    frame += pitch;
  }
}
