/** The sizes of a 2-D convolution, and how its windows lie in an image. */

import { addFromFrame, placeInFrame, reach } from "./frame";

/**
 * Sizes of one convolution, written by the caller as consecutive i32. x is
 * `(images, inH, inW, inC)`, the filter `(filterH, filterW, inC, outC)`, y
 * `(images, outH, outW, outC)`; how many images there are is an argument of each call.
 */
@unmanaged
export class Convolution {
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

  /** Height of the frame that all windows reach. */
  get frameH(): i32 {
    return reach(this.outH, this.strideH, this.filterH, this.dilationH);
  }
  get frameW(): i32 {
    return reach(this.outW, this.strideW, this.filterW, this.dilationW);
  }
  /** Whether an image serves as its own frame. */
  get isFramed(): bool {
    return this.padTop == 0 && this.padLeft == 0 && this.frameH <= this.inH &&
      this.frameW <= this.inW;
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
    );
    return frame;
  }

  /** Adds to an image what its frame, a copy, holds of it. */
  addFrame(frame: usize, image: usize): void {
    addFromFrame(
      frame,
      this.frameH,
      this.frameW,
      this.inC,
      image,
      this.inH,
      this.inW,
      this.padTop,
      this.padLeft,
    );
  }

  /** Bytes of scratch that `frameOf` takes. */
  get frameBytes(): f64 {
    return this.isFramed ? 0 : <f64> this.frameH * this.frameW * this.inC * 4;
  }
}
