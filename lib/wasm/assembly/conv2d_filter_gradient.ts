/** Gradient of a dense 2-D convolution to its filter. */

import { Convolution } from "./convolution";
import { packPanels, wholeTiles } from "./pack";
import { ACCUMULATE, computeTile, TILE_SCRATCH, tileRows } from "./tile";
import { COLUMNS, ROWS, TILE_ROW } from "./whole_tile";

/** Windows whose operands are packed at a time: two panels of this length fit the first cache. */
const CHUNK: i32 = 192;

/** Output rows that are taken together in the filter's gradient. */
function chunkRows(shape: Convolution): i32 {
  return max(1, min(shape.outH, CHUNK / shape.outW));
}

/** Bytes of scratch that `conv2dFilterGradient` takes. */
export function conv2dFilterGradientScratch(shape: Convolution): f64 {
  const pixels = <f64> chunkRows(shape) * shape.outW;
  return <f64> TILE_SCRATCH + pixels * (ROWS + <f64> wholeTiles(shape.outC)) * 4 +
    <f64> shape.window * 4 +
    shape.frameBytes;
}

/**
 * Gradient of a convolution to its filter: for each position in the window and each filter, the
 * sum over all windows of x times dy. Neither outH nor outW may be 0.
 *
 * @param dFilter `(filterH, filterW, inC, outC)`, added to.
 * @param scratch `conv2dFilterGradientScratch(shape)` bytes.
 */
export function conv2dFilterGradient(
  shape: Convolution,
  images: i32,
  x: usize,
  dy: usize,
  dFilter: usize,
  scratch: usize,
): void {
  const outC = shape.outC, outW = shape.outW, window = shape.window;
  const rowsAtOnce = chunkRows(shape);
  const packedX = scratch + TILE_SCRATCH;
  const panels = packedX + <usize> (rowsAtOnce * outW * ROWS) * 4;
  const positions = panels + <usize> (rowsAtOnce * outW * wholeTiles(outC)) * 4;
  const frameScratch = positions + <usize> window * 4;
  const yRow = <usize> outC << 2;
  writePositions(shape, positions);
  for (let image = 0; image < images; image++) {
    const frame = shape.frameOf(x, image, frameScratch);
    for (let oy = 0; oy < shape.outH; oy += rowsAtOnce) {
      const height = min(rowsAtOnce, shape.outH - oy);
      const pixels = height * outW;
      packPanels(dy, yRow, 4, pixels, outC, panels);
      dy += <usize> pixels * yRow;
      for (let i = 0; i < window;) {
        const rows = tileRows(window - i);
        packWindows(shape, frame, oy, height, positions + (<usize> i << 2), rows, packedX);
        let panel = panels;
        for (let j = 0; j < outC; j += COLUMNS) {
          computeTile(
            rows,
            packedX,
            4,
            ROWS * 4,
            0,
            1,
            pixels,
            panel,
            TILE_ROW,
            dFilter + <usize> i * yRow + (<usize> j << 2),
            yRow,
            min(COLUMNS, outC - j),
            0,
            ACCUMULATE,
            scratch,
          );
          panel += <usize> (pixels * COLUMNS) << 2;
        }
        i += rows;
      }
    }
  }
}

/** Writes where each value of a window lies, in bytes from the window's first. */
function writePositions(shape: Convolution, out: usize): void {
  for (let y = 0; y < shape.filterH; y++) {
    for (let x = 0; x < shape.filterW; x++) {
      const pixel = y * shape.dilationH * shape.framePitch + x * shape.dilationW * shape.inC;
      for (let c = 0; c < shape.inC; c++) {
        store<i32>(out, (pixel + c) << 2);
        out += 4;
      }
    }
  }
}

/** Packs `rows` values of each window of some output rows: `(windows, 6)`. */
function packWindows(
  shape: Convolution,
  frame: usize,
  oy: i32,
  height: i32,
  positions: usize,
  rows: i32,
  out: usize,
): void {
  const first = <usize> load<u32>(positions);
  const isRun = rows == ROWS && <usize> load<u32>(positions, 20) - first == 20;
  const pitch = <usize> (shape.strideH * shape.framePitch) << 2;
  const step = <usize> (shape.strideW * shape.inC) << 2;
  let row = frame + <usize> oy * pitch;
  for (let y = 0; y < height; y++) {
    let from = row;
    for (let x = 0; x < shape.outW; x++) {
      if (isRun) {
        v128.store(out, v128.load(from + first));
        store<u64>(out, load<u64>(from + first, 16), 16);
      } else {
        for (let i = 0; i < rows; i++) {
          const lane = <usize> i << 2;
          store<f32>(out + lane, load<f32>(from + load<u32>(positions + lane)));
        }
      }
      from += step;
      out += ROWS * 4;
    }
    row += pitch;
  }
}
