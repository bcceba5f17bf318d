/** What max and average pooling share: the sizes, and which part of a window lies in the image. */

/** Sizes of one pooling, written by the caller as consecutive i32; x and y as of a convolution. */
@unmanaged
export class Pooling {
  inH: i32;
  inW: i32;
  channels: i32;
  filterH: i32;
  filterW: i32;
  outH: i32;
  outW: i32;
  strideH: i32;
  strideW: i32;
  padTop: i32;
  padLeft: i32;
  dilationH: i32;
  dilationW: i32;
}

/** The first row (or column) of a window, of those `step` apart from `start`, that is in the image. */
export function reachBegin(start: i32, step: i32): i32 {
  return start < 0 ? (step - 1 - start) / step : 0;
}

/** One past the last of a window's `count` rows that is among the image's `size`; at least `begin`. */
export function reachEnd(start: i32, step: i32, count: i32, size: i32, begin: i32): i32 {
  // A division takes as long as a pixel of the window.
  const reach = step == 1 ? size - start : (size - start + step - 1) / step;
  return max(begin, min(count, reach));
}
