/** Gradient of a dense 2-D convolution to its filter. */

import { Convolution } from "./convolution";
import { packPanels } from "./pack";
import { ACCUMULATE, computeTile, TILE_SCRATCH, tileRows } from "./tile";
import { COLUMNS, TILE_ROW } from "./whole_tile";
import {
  filterGradientSuitsWinograd,
  filterGradientUsesWinograd,
  winogradFilterGradient,
  winogradFilterGradientScratch,
} from "./winograd_filter_gradient";

/** Bytes of x and dy that are to stay in the first-level cache while the filter passes by. */
const CHUNK_BYTES: i32 = 32768;

/** Windows that are summed at a time: as many as the cache holds, within reason. */
function chunkWindows(shape: Convolution): i32 {
  const each = (shape.strideW * shape.inC + shape.outC) << 2;
  return min(256, max(64, CHUNK_BYTES / each));
}

/** Output rows that are taken together. */
function chunkRows(shape: Convolution): i32 {
  return max(1, chunkWindows(shape) / shape.outW);
}

/**
 * Images whose rows are taken together: as many as their windows and, where each is copied into a
 * frame, the cache and the batch allow, and at least one.
 */
function chunkImages(shape: Convolution, images: i32): i32 {
  const byWindows = chunkRows(shape) / shape.outH;
  if (shape.isFramed) return max(1, byWindows);
  const byFrames = <i32> (<f64> CHUNK_BYTES / shape.frameBytes);
  return max(1, min(images, min(byWindows, byFrames)));
}

/** Bytes of scratch for the columns of dy that fill no tile. */
function panelBytes(shape: Convolution): f64 {
  return shape.outC % COLUMNS == 0 ? 0 : <f64> chunkRows(shape) * shape.outW * TILE_ROW;
}

/**
 * Bytes of scratch that `conv2dFilterGradient` takes of up to `images` images at a time: exact, also
 * if no heap has as many.
 */
export function conv2dFilterGradientScratch(shape: Convolution, images: i32): f64 {
  const bytes = <f64> TILE_SCRATCH + <f64> (shape.segments + chunkRows(shape)) * 4 +
    panelBytes(shape) + shape.frameBytes * chunkImages(shape, images);
  return filterGradientSuitsWinograd(shape)
    ? max(bytes, winogradFilterGradientScratch(shape))
    : bytes;
}

/**
 * Gradient of a convolution to its filter: for each position in the window and each filter, the
 * sum over all windows of x times dy. By Winograd, or with both read in place, a chunk of windows
 * at a time. Neither outH nor outW may be 0.
 *
 * @param dy `(images, outH, outW, outC)`.
 * @param dFilter `(filterH, filterW, inC, outC)`, added to.
 * @param scratch `conv2dFilterGradientScratch(shape, images)` bytes.
 */
export function conv2dFilterGradient(
  shape: Convolution,
  images: i32,
  x: usize,
  dy: usize,
  dFilter: usize,
  scratch: usize,
): void {
  if (filterGradientUsesWinograd(shape, images)) {
    winogradFilterGradient(shape, images, x, dy, dFilter, scratch);
    return;
  }
  const outC = shape.outC, outW = shape.outW, outH = shape.outH;
  const imagesAtOnce = chunkImages(shape, images), rowsAtOnce = chunkRows(shape);
  const offsets = scratch + TILE_SCRATCH;
  const rowOffsets = offsets + (<usize> shape.segments << 2);
  const panel = rowOffsets + (<usize> rowsAtOnce << 2);
  const frameScratch = panel + <usize> panelBytes(shape);
  const frameBytes = <usize> shape.frameBytes;
  const imageBytes = <usize> (shape.inH * shape.inW * shape.inC) << 2;
  const apart = shape.isFramed ? imageBytes : frameBytes;
  const pitch = <usize> (shape.strideH * shape.framePitch) << 2;
  const yRow = <usize> outC << 2;
  const wholeColumns = outC - outC % COLUMNS;
  shape.writeOffsets(offsets);
  for (let image = 0; image < images; image += imagesAtOnce) {
    const count = min(imagesAtOnce, images - image);
    const frames = shape.frameOf(x, image, frameScratch);
    for (let i = 1; i < count; i++) shape.frameOf(x, image + i, frames + <usize> i * apart);
    for (let start = 0; start < count * outH; start += rowsAtOnce) {
      const height = min(rowsAtOnce, count * outH - start);
      for (let y = 0; y < height; y++) {
        const at = <usize> ((start + y) / outH) * apart + <usize> ((start + y) % outH) * pitch;
        store<u32>(rowOffsets + (<usize> y << 2), at);
      }
      const narrow = dy + (<usize> wholeColumns << 2);
      packPanels(narrow, yRow, 4, height * outW, outC - wholeColumns, panel);
      addChunk(shape, frames, offsets, rowOffsets, height, dy, panel, dFilter, scratch);
      dy += <usize> (height * outW) * yRow;
    }
  }
}

/** Adds what the windows of `height` output rows contribute to the gradient. */
function addChunk(
  shape: Convolution,
  frames: usize,
  offsets: usize,
  rowOffsets: usize,
  height: i32,
  dy: usize,
  panel: usize,
  dFilter: usize,
  scratch: usize,
): void {
  const outC = shape.outC, outW = shape.outW, run = shape.run;
  const step = <usize> (shape.strideW * shape.inC) << 2;
  const yRow = <usize> outC << 2;
  for (let s = 0; s < shape.segments; s++) {
    const segment = frames + load<u32>(offsets + (<usize> s << 2));
    for (let i = 0; i < run;) {
      const rows = tileRows(run - i);
      for (let j = 0; j < outC; j += COLUMNS) {
        const isWhole = j + COLUMNS <= outC;
        const column = <usize> j << 2;
        computeTile(
          rows,
          segment + (<usize> i << 2),
          4,
          step,
          rowOffsets,
          height,
          outW,
          isWhole ? dy + column : panel,
          isWhole ? yRow : TILE_ROW,
          dFilter + column,
          yRow,
          min(COLUMNS, outC - j),
          0,
          ACCUMULATE,
          scratch,
        );
      }
      dFilter += <usize> rows * yRow;
      i += rows;
    }
  }
}
