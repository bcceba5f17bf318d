/** The tiles of `winograd.ts`: how they lie in images, and how they are taken there and transformed. */

import { Convolution } from "./convolution";
import { OUT, Transform } from "./winograd_transform";

/** Pixels of a tile of x along one side, and values of a transformed one: 6 or 8. */
export function sideOf(shape: Convolution): i32 {
  return OUT + shape.filterH - 1;
}

/** Tiles along a side of this many pixels. */
export function across(pixels: i32): i32 {
  return (pixels + OUT - 1) / OUT;
}

/** Bytes from one plane to the next: an odd number of cache lines, lest they share a set. */
export function planePitch(floats: i32): usize {
  return ((<usize> floats * 4 + 63) & ~63) | 64;
}

/**
 * Where to read the `side`×`side` pixels at (top, left) of an image `(h, w, c)`: there, or, where
 * some lie outside, from a copy in which those are zero.
 *
 * @returns Their first; `patch` if it is the copy, `side` pixels a row.
 */
function gather(
  image: usize,
  h: i32,
  w: i32,
  c: i32,
  top: i32,
  left: i32,
  side: i32,
  patch: usize,
): usize {
  const pixel = <usize> c << 2;
  const from = image + <usize> (top * w + left) * pixel;
  if (top >= 0 && left >= 0 && top + side <= h && left + side <= w) return from;
  const firstX = max(0, -left), endX = min(side, w - left);
  memory.fill(patch, 0, pixel * side * side);
  for (let y = max(0, -top); y < min(side, h - top) && firstX < endX; y++) {
    memory.copy(
      patch + <usize> (y * side + firstX) * pixel,
      from + <usize> (y * w + firstX) * pixel,
      <usize> (endX - firstX) * pixel,
    );
  }
  return patch;
}

/**
 * Transforms all channels of one tile of x.
 *
 * @param tile Its number among the tiles of all images, in row order.
 * @param to The first of `side`² values of each channel, `plane` bytes apart.
 * @param lines `side² * LINE_STEP` bytes of scratch.
 * @param patch Scratch for `side`² pixels.
 */
export function transformInput(
  shape: Convolution,
  x: usize,
  tile: i32,
  to: usize,
  plane: usize,
  lines: usize,
  patch: usize,
): void {
  const inH = shape.inH, inW = shape.inW, inC = shape.inC;
  const wide = across(shape.outW), high = across(shape.outH), row = tile / wide;
  const top = (row % high) * OUT - shape.padTop, left = (tile % wide) * OUT - shape.padLeft;
  const pixel = <usize> inC << 2;
  const image = x + <usize> (row / high) * inH * inW * pixel;
  const side = sideOf(shape);
  const from = gather(image, inH, inW, inC, top, left, side, patch);
  const pitch = pixel * (from == patch ? side : inW);
  if (side == 6) AllChannels.input(6, inC, from, pitch, pixel, lines, to, plane);
  else AllChannels.input(8, inC, from, pitch, pixel, lines, to, plane);
}

/** The same of one tile of dy. */
export function transformGradient(
  shape: Convolution,
  dy: usize,
  tile: i32,
  to: usize,
  plane: usize,
  lines: usize,
  patch: usize,
): void {
  const outH = shape.outH, outW = shape.outW, outC = shape.outC;
  const wide = across(outW), high = across(outH), row = tile / wide;
  const pixel = <usize> outC << 2;
  const image = dy + <usize> (row / high) * outH * outW * pixel;
  const top = (row % high) * OUT, left = (tile % wide) * OUT;
  const from = gather(image, outH, outW, outC, top, left, OUT, patch);
  const pitch = pixel * (from == patch ? OUT : outW);
  if (sideOf(shape) == 6) AllChannels.gradient(6, outC, from, pitch, pixel, lines, to, plane);
  else AllChannels.gradient(8, outC, from, pitch, pixel, lines, to, plane);
}

/** A class for the decorator's sake alone: `deno fmt` deletes it where it stands on a function. */
class AllChannels {
  /** `Transform.inputTile` of all channels. */
  @inline
  static input(
    side: i32,
    channels: i32,
    from: usize,
    pitch: usize,
    pixel: usize,
    lines: usize,
    to: usize,
    plane: usize,
  ): void {
    let c = 0;
    for (; c + 8 <= channels; c += 8) {
      Transform.inputTile(side, 8, from, pitch, pixel, lines, to, plane);
      from += 32;
      to += 32;
    }
    for (; c + 4 <= channels; c += 4) {
      Transform.inputTile(side, 4, from, pitch, pixel, lines, to, plane);
      from += 16;
      to += 16;
    }
    for (; c < channels; c++) {
      Transform.inputTile(side, 1, from, pitch, pixel, lines, to, plane);
      from += 4;
      to += 4;
    }
  }

  /** `Transform.gradientTile` of all channels. */
  @inline
  static gradient(
    side: i32,
    channels: i32,
    from: usize,
    pitch: usize,
    pixel: usize,
    lines: usize,
    to: usize,
    plane: usize,
  ): void {
    let c = 0;
    for (; c + 8 <= channels; c += 8) {
      Transform.gradientTile(side, 8, from, pitch, pixel, lines, to, plane);
      from += 32;
      to += 32;
    }
    for (; c + 4 <= channels; c += 4) {
      Transform.gradientTile(side, 4, from, pitch, pixel, lines, to, plane);
      from += 16;
      to += 16;
    }
    for (; c < channels; c++) {
      Transform.gradientTile(side, 1, from, pitch, pixel, lines, to, plane);
      from += 4;
      to += 4;
    }
  }
}
