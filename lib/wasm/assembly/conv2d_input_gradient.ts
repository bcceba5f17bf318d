/**
 * Gradient of a dense 2-D convolution to its input, without zeros between the pixels of dy.
 *
 * A row of the frame is reached by the filter rows fy for which it is oy·strideH + fy·dilationH.
 * What one dy sends there is dy `(outC)` times a filter row `(outC, filterW·inC)`; several filter
 * rows are one product over a longer k, in which oy falls as fy rises. Which filter rows there may
 * be depends on the frame row modulo strideH: they are a phase, and lie together in the panels.
 * Tiles add the product of neighbouring dy to the frame in place, where windows may overlap.
 */

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

/** The phase of a filter row. */
function phaseOf(shape: Convolution, filterRow: i32): i32 {
  return (filterRow * shape.dilationH) % shape.strideH;
}

/** Filter rows of a phase. */
function phaseRows(shape: Convolution, phase: i32): i32 {
  let count = 0;
  for (let y = 0; y < shape.filterH; y++) count += i32(phaseOf(shape, y) == phase);
  return count;
}

/** Parts of a filter row that lie together in the frame: the whole row, or each of its pixels. */
function parts(shape: Convolution): i32 {
  return shape.segments / shape.filterH;
}

/** Bytes that `conv2dInputGradientPrepare` writes. */
export function conv2dInputGradientPreparedBytes(shape: Convolution): f64 {
  if (inputGradientUsesWinograd(shape)) return winogradInputGradientPreparedBytes(shape);
  return <f64> shape.segments * wholeTiles(shape.run) * shape.outC * 4;
}

/**
 * Puts a filter into the order in which `conv2dInputGradient` reads it: by phase, by part of a
 * filter row, by panel; a panel's k runs over the phase's filter rows and outC.
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
  const row = <usize> (shape.filterW * shape.inC) * column;
  for (let phase = 0; phase < shape.strideH; phase++) {
    for (let part = 0; part < parts(shape); part++) {
      for (let j = 0; j < run; j += COLUMNS) {
        const at = filter + <usize> (part * run + j) * column;
        for (let y = 0; y < shape.filterH; y++) {
          if (phaseOf(shape, y) != phase) continue;
          packPanels(at + <usize> y * row, 4, column, outC, min(COLUMNS, run - j), prepared);
          prepared += <usize> outC * TILE_ROW;
        }
      }
    }
  }
}

/** Bytes of scratch that `conv2dInputGradient` takes: exact, also where no heap has as many. */
export function conv2dInputGradientScratch(shape: Convolution): f64 {
  if (inputGradientUsesWinograd(shape)) return winogradInputGradientScratch(shape);
  return <f64> TILE_SCRATCH + <f64> shape.filterH * 4 + shape.frameBytes;
}

/**
 * Gradient of a convolution to its input, by Winograd or directly.
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
  const offsets = scratch + TILE_SCRATCH;
  const frame = offsets + (<usize> shape.filterH << 2);
  const imageBytes = <usize> (shape.inH * shape.inW * shape.inC) << 2;
  const dyBytes = <usize> (shape.outH * shape.outW * shape.outC) << 2;
  writeOffsets(shape, offsets);
  for (let image = 0; image < images; image++) {
    if (!(flags & ACCUMULATE)) memory.fill(dx, 0, imageBytes);
    if (shape.isFramed) {
      addToFrame(shape, dy, prepared, dx, offsets, scratch);
    } else {
      memory.fill(frame, 0, <usize> shape.frameBytes);
      addToFrame(shape, dy, prepared, frame, offsets, scratch);
      shape.addFrame(frame, dx);
    }
    dy += dyBytes;
    dx += imageBytes;
  }
}

/** Writes where in dy the i-th filter row of a phase has its factor, as seen from the first's. */
function writeOffsets(shape: Convolution, offsets: usize): void {
  // From one filter row of a phase to the next, and by how many rows of dy that falls.
  let apart = 1;
  while (phaseOf(shape, apart) != 0) apart++;
  const fall = <u32> (apart * shape.dilationH / shape.strideH * shape.outW * shape.outC) << 2;
  for (let i = 0; i < shape.filterH; i++) {
    store<u32>(offsets + (<usize> i << 2), 0 - <u32> i * fall);
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
  const strideH = shape.strideH;
  const panelRow = <usize> shape.outC * TILE_ROW;
  const pitch = <usize> shape.framePitch << 2;
  const dyPitch = <usize> (shape.outW * shape.outC) << 2;
  const panels = parts(shape) * wholeTiles(shape.run) / COLUMNS;
  for (let phase = 0; phase < strideH; phase++) {
    const panelRows = phaseRows(shape, phase);
    for (let y = phase; panelRows > 0 && y < shape.frameH; y += strideH) {
      // Of the phase's filter rows, those whose oy is not too high, up to where it is too low.
      let skipped = 0, count = 0, first = 0;
      for (let fy = 0; fy < shape.filterH; fy++) {
        if (phaseOf(shape, fy) != phase) continue;
        const oy = (y - fy * shape.dilationH) / strideH;
        if (oy >= shape.outH) skipped++;
        else if (y >= fy * shape.dilationH) {
          if (count++ == 0) first = oy;
        }
      }
      if (count == 0) continue;
      addToRow(
        shape,
        count,
        dy + <usize> first * dyPitch,
        offsets,
        prepared + <usize> skipped * panelRow,
        <usize> panelRows * panelRow,
        frame + <usize> y * pitch,
        scratch,
      );
    }
    prepared += <usize> (panels * panelRows) * panelRow;
  }
}

/** Adds to one row of the frame what it gets by `count` filter rows, from dy's row and above. */
function addToRow(
  shape: Convolution,
  count: i32,
  dy: usize,
  offsets: usize,
  prepared: usize,
  panelBytes: usize,
  row: usize,
  scratch: usize,
): void {
  const outC = shape.outC, outW = shape.outW, run = shape.run;
  const dyRow = <usize> outC << 2;
  const step = <usize> (shape.strideW * shape.inC) << 2;
  const partStep = <usize> (shape.dilationW * shape.inC) << 2;
  for (let ox = 0; ox < outW;) {
    const rows = tileRows(outW - ox);
    let panel = prepared;
    for (let part = 0; part < parts(shape); part++) {
      for (let j = 0; j < run; j += COLUMNS) {
        computeTile(
          rows,
          dy,
          dyRow,
          4,
          offsets,
          count,
          outC,
          panel,
          TILE_ROW,
          row + <usize> part * partStep + (<usize> j << 2),
          step,
          min(COLUMNS, run - j),
          0,
          ACCUMULATE,
          scratch,
        );
        panel += panelBytes;
      }
    }
    dy += <usize> rows * dyRow;
    row += <usize> rows * step;
    ox += rows;
  }
}
