/**
 * The transforms of `winograd.ts`: whole tiles by their columns and then their rows, of `side` values
 * each: 6, for a filter of 3, or 8, for one of 5.
 *
 * Values lie `step` bytes apart, each of `width` channels: 8, 4 or 1. Both are constants at each
 * call, so that inlining compiles away what they exclude. The two vectors of eight channels are
 * loaded and stored side by side, so that revectorization can make one of them.
 */

import { Channels } from "./winograd_channels";
import { Lines6 } from "./winograd_lines_6";
import { Lines8 } from "./winograd_lines_8";

/** Pixels of a tile of y along one side. */
export const OUT: i32 = 4;
/** Bytes of a value between the two passes over a tile. */
export const LINE_STEP: i32 = 32;

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
export class Transform {
  /** 4×4 pixels of dy, rows `pitch` apart, to `side`² values, `plane` apart. */
  @inline
  static gradientTile(
    side: i32,
    width: i32,
    from: usize,
    pitch: usize,
    pixel: usize,
    lines: usize,
    to: usize,
    plane: usize,
  ): void {
    const row = side * LINE_STEP;
    for (let x = 0; x < OUT; x++) {
      if (side == 6) Lines6.gradient(width, from, pitch, lines, row);
      else Lines8.gradient(width, from, pitch, lines, row);
      from += pixel;
      lines += LINE_STEP;
    }
    lines -= OUT * LINE_STEP;
    for (let y = 0; y < side; y++) {
      if (side == 6) Lines6.gradient(width, lines, LINE_STEP, to, plane);
      else Lines8.gradient(width, lines, LINE_STEP, to, plane);
      lines += row;
      to += plane * side;
    }
  }

  /** `side`² pixels, rows `pitch` apart, to as many values, `plane` apart. */
  @inline
  static inputTile(
    side: i32,
    width: i32,
    from: usize,
    pitch: usize,
    pixel: usize,
    lines: usize,
    to: usize,
    plane: usize,
  ): void {
    const row = side * LINE_STEP;
    for (let x = 0; x < side; x++) {
      if (side == 6) Lines6.input(width, from, pitch, lines, row);
      else Lines8.input(width, from, pitch, lines, row);
      from += pixel;
      lines += LINE_STEP;
    }
    lines -= row;
    for (let y = 0; y < side; y++) {
      if (side == 6) Lines6.input(width, lines, LINE_STEP, to, plane);
      else Lines8.input(width, lines, LINE_STEP, to, plane);
      lines += row;
      to += plane * side;
    }
  }

  /** `side`² values, `plane` apart, to 4×4 pixels, rows `pitch` apart. */
  @inline
  static outputTile(
    side: i32,
    width: i32,
    from: usize,
    plane: usize,
    lines: usize,
    to: usize,
    pitch: usize,
    pixel: usize,
    bias: usize,
    floor: v128,
  ): void {
    const row = side * LINE_STEP;
    const none = f32x4.splat(0);
    for (let x = 0; x < side; x++) {
      if (side == 6) {
        Lines6.output(width, from, plane * side, lines, row, false, none, none, none);
      } else {
        Lines8.output(width, from, plane * side, lines, row, false, none, none, none);
      }
      from += plane;
      lines += LINE_STEP;
    }
    lines -= row;
    const biases = bias != 0 ? Channels.load(width, bias) : none;
    const biasesH = bias != 0 && width == 8 ? v128.load(bias, 16) : none;
    for (let y = 0; y < OUT; y++) {
      if (side == 6) {
        Lines6.output(width, lines, LINE_STEP, to, pixel, true, biases, biasesH, floor);
      } else {
        Lines8.output(width, lines, LINE_STEP, to, pixel, true, biases, biasesH, floor);
      }
      lines += row;
      to += pitch;
    }
  }

  /**
   * The transpose of `inputTile`, of side 8: 64 values, `plane` apart, are added to as many pixels,
   * rows `pitch` apart.
   */
  @inline
  static addInputGradient(
    width: i32,
    from: usize,
    plane: usize,
    lines: usize,
    to: usize,
    pitch: usize,
    pixel: usize,
  ): void {
    const row = 8 * LINE_STEP;
    for (let x = 0; x < 8; x++) {
      Lines8.inputGradient(width, from, plane * 8, lines, row, false);
      from += plane;
      lines += LINE_STEP;
    }
    lines -= row;
    for (let y = 0; y < 8; y++) {
      Lines8.inputGradient(width, lines, LINE_STEP, to, pixel, true);
      lines += row;
      to += pitch;
    }
  }

  /** A filter's values at `[y][x]` of `side`² places, `plane` apart, to as many, in place. */
  @inline
  static filterTile(side: i32, at: usize, plane: usize): void {
    const row = plane * side;
    for (let x: usize = 0; x < <usize> (side - OUT + 1); x++) {
      if (side == 6) Lines6.filter(at + x * plane, row, at + x * plane, row);
      else Lines8.filter(at + x * plane, row, at + x * plane, row);
    }
    for (let y = 0; y < side; y++) {
      if (side == 6) Lines6.filter(at, plane, at, plane);
      else Lines8.filter(at, plane, at, plane);
      at += row;
    }
  }

  /** `side`² values, `plane` apart, are added to the filter's, `tap` apart. */
  @inline
  static addFilterGradient(
    side: i32,
    width: i32,
    from: usize,
    plane: usize,
    lines: usize,
    to: usize,
    tap: usize,
  ): void {
    const row = side * LINE_STEP;
    for (let x = 0; x < side; x++) {
      if (side == 6) Lines6.filterGradient(width, from, plane * side, lines, row, false);
      else Lines8.filterGradient(width, from, plane * side, lines, row, false);
      from += plane;
      lines += LINE_STEP;
    }
    lines -= row;
    for (let y = 0; y < side - OUT + 1; y++) {
      if (side == 6) Lines6.filterGradient(width, lines, LINE_STEP, to, tap, true);
      else Lines8.filterGradient(width, lines, LINE_STEP, to, tap, true);
      lines += row;
      to += (side - OUT + 1) * tap;
    }
  }
}
