/** Dense 2-D convolution and its gradient to the filter. */

import { placeInFrame, reach } from "./frame";
import { packPanels } from "./pack";
import { ACCUMULATE, COLUMNS, computeTile, ROWS, tileRows } from "./tile";

/**
 * Sizes of one convolution, written by the caller as consecutive i32. x is `(batch, inH, inW, inC)`,
 * the filter `(filterH, filterW, inC, outC)`, y `(batch, outH, outW, outC)`. `spread` puts zeros
 * between the pixels of x (stride's counterpart, for gradients to the input); 1 is none.
 */
@unmanaged
export class Convolution {
  batch: i32;
  inH: i32;
  inW: i32;
  inC: i32;
  filterH: i32;
  filterW: i32;
  outH: i32;
  outW: i32;
  outC: i32;
  strideH: i32;
  strideW: i32;
  padTop: i32;
  padLeft: i32;
  dilationH: i32;
  dilationW: i32;
  spreadH: i32;
  spreadW: i32;

  /** Height of the frame that all windows reach. */
  get frameH(): i32 {
    return reach(this.outH, this.strideH, this.filterH, this.dilationH);
  }
  get frameW(): i32 {
    return reach(this.outW, this.strideW, this.filterW, this.dilationW);
  }
  /** Whether an image serves as its own frame. */
  get isFramed(): bool {
    return this.padTop == 0 && this.padLeft == 0 && this.spreadH == 1 && this.spreadW == 1 &&
      this.frameH <= this.inH && this.frameW <= this.inW;
  }
  /** Floats from one row of the frame to the next. */
  get framePitch(): i32 {
    return (this.isFramed ? this.inW : this.frameW) * this.inC;
  }
  /** Values in one window: rows of the filter as a matrix. */
  get window(): i32 {
    return this.filterH * this.filterW * this.inC;
  }
  /** Windows are read in runs that lie together in the frame: a filter row, or a pixel of it. */
  get segments(): i32 {
    return this.dilationW == 1 ? this.filterH : this.filterH * this.filterW;
  }
  get run(): i32 {
    return this.dilationW == 1 ? this.filterW * this.inC : this.inC;
  }

  /** Writes where each segment of a window begins, in bytes from the window's first pixel. */
  writeOffsets(out: usize): void {
    const perRow = this.dilationW == 1 ? 1 : this.filterW;
    for (let y = 0; y < this.filterH; y++) {
      for (let x = 0; x < perRow; x++) {
        const offset = y * this.dilationH * this.framePitch + x * this.dilationW * this.inC;
        store<i32>(out, offset << 2);
        out += 4;
      }
    }
  }

  /** The frame of image `index`: the image itself, or a padded copy written to `frame`. */
  frameOf(x: usize, index: i32, frame: usize): usize {
    const image = x + <usize> (index * this.inH * this.inW * this.inC) * 4;
    if (this.isFramed) return image;
    placeInFrame(
      image,
      this.inH,
      this.inW,
      this.inC,
      frame,
      this.frameH,
      this.frameW,
      this.padTop,
      this.padLeft,
      this.spreadH,
      this.spreadW,
    );
    return frame;
  }

  /** Bytes of scratch that `frameOf` takes. */
  get frameBytes(): f64 {
    return this.isFramed ? 0 : <f64> this.frameH * this.frameW * this.inC * 4;
  }
}

function roundedUp(n: i32): usize {
  return <usize> ((n + COLUMNS - 1) / COLUMNS) * COLUMNS;
}

/** Bytes of scratch that `conv2d` takes: exact, also where no heap has as many. */
export function conv2dScratch(shape: Convolution): f64 {
  return <f64> roundedUp(shape.outC) * shape.window * 4 + <f64> shape.segments * 4 +
    shape.frameBytes;
}

/**
 * y = conv(x, filter) + bias, as a matrix multiplication whose left operand is read out of the
 * frame in place (no im2col).
 *
 * @param bias `(outC)`, or 0 for none.
 * @param flags `RELU`.
 * @param scratch `conv2dScratch(shape)` bytes.
 */
export function conv2d(
  shape: Convolution,
  x: usize,
  filter: usize,
  y: usize,
  bias: usize,
  flags: i32,
  scratch: usize,
): void {
  const outC = shape.outC;
  const panelBytes = <usize> (shape.window * COLUMNS) << 2;
  const offsets = scratch + roundedUp(outC) * shape.window * 4;
  const frameScratch = offsets + <usize> shape.segments * 4;
  const window = <usize> (shape.strideW * shape.inC) << 2;
  const yRow = <usize> outC << 2;
  const segments = shape.segments, run = shape.run;
  const pitch = <usize> (shape.strideH * shape.framePitch) << 2;
  packPanels(filter, yRow, 4, shape.window, outC, scratch);
  shape.writeOffsets(offsets);
  for (let image = 0; image < shape.batch; image++) {
    let frameRow = shape.frameOf(x, image, frameScratch);
    for (let oy = 0; oy < shape.outH; oy++) {
      for (let ox = 0; ox < shape.outW;) {
        const rows = tileRows(shape.outW - ox);
        let panel = scratch;
        for (let j = 0; j < outC; j += COLUMNS) {
          const column = <usize> j << 2;
          computeTile(
            rows,
            frameRow + <usize> ox * window,
            window,
            4,
            offsets,
            segments,
            run,
            panel,
            y + column,
            yRow,
            min(COLUMNS, outC - j),
            bias != 0 ? bias + column : 0,
            flags,
          );
          panel += panelBytes;
        }
        y += <usize> rows * yRow;
        ox += rows;
      }
      frameRow += pitch;
    }
  }
}

/** Windows whose operands are packed at a time: two panels of this length fit the first cache. */
const CHUNK: i32 = 192;

/** Output rows that are taken together in the filter's gradient. */
function chunkRows(shape: Convolution): i32 {
  return max(1, min(shape.outH, CHUNK / shape.outW));
}

/** Bytes of scratch that `conv2dFilterGradient` takes. */
export function conv2dFilterGradientScratch(shape: Convolution): f64 {
  const pixels = <f64> chunkRows(shape) * shape.outW;
  return pixels * (ROWS + <f64> roundedUp(shape.outC)) * 4 + <f64> shape.window * 4 +
    shape.frameBytes;
}

/**
 * Gradient of a convolution to its filter: for each position in the window and each filter, the
 * sum over all windows of x times dy. Neither outH nor outW may be 0.
 *
 * @param dFilter `(filterH, filterW, inC, outC)`, overwritten.
 * @param scratch `conv2dFilterGradientScratch(shape)` bytes.
 */
export function conv2dFilterGradient(
  shape: Convolution,
  x: usize,
  dy: usize,
  dFilter: usize,
  scratch: usize,
): void {
  const outC = shape.outC, outW = shape.outW, window = shape.window;
  const rowsAtOnce = chunkRows(shape);
  const packedX = scratch;
  const panels = packedX + <usize> (rowsAtOnce * outW * ROWS) * 4;
  const positions = panels + <usize> (rowsAtOnce * outW) * roundedUp(outC) * 4;
  const frameScratch = positions + <usize> window * 4;
  const yRow = <usize> outC << 2;
  writePositions(shape, positions);
  memory.fill(dFilter, 0, <usize> window * yRow);
  for (let image = 0; image < shape.batch; image++) {
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
            dFilter + <usize> i * yRow + (<usize> j << 2),
            yRow,
            min(COLUMNS, outC - j),
            0,
            ACCUMULATE,
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

/**
 * Turns a filter for the gradient to the input: both sides reversed, input and output channels
 * exchanged. `(filterH, filterW, inC, outC)` to `(filterH, filterW, outC, inC)`.
 */
export function reverseFilter(
  filter: usize,
  positions: i32,
  inC: i32,
  outC: i32,
  out: usize,
): void {
  const plane = <usize> (inC * outC) << 2;
  for (let p = 0; p < positions; p++) {
    let to = out + <usize> (positions - 1 - p) * plane;
    for (let j = 0; j < outC; j++) {
      let from = filter + (<usize> j << 2);
      for (let i = 0; i < inC; i++) {
        store<f32>(to, load<f32>(from));
        to += 4;
        from += <usize> outC << 2;
      }
    }
    filter += plane;
  }
}
