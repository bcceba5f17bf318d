/**
 * Gradients of a dense layer y = x·W from a gradient dz `(images, units)` that is mostly zero, each
 * zero left out. (0·∞ and 0·NaN are therefore 0 here.) Weights are kept transposed, wT
 * `(units, inputs)`, and worked on in ranges of inputs; pitches are bytes from row to row.
 */

import { accumulate, SPAN } from "./accumulate";
import { Lists } from "./lists";

/** Bytes of the lists of dz. */
export function denseListsBytes(images: i32, units: i32): f64 {
  return Lists.bytes(images, units);
}

/**
 * Lists dz `(images, units)`, by image and by unit.
 *
 * @param lists `denseListsBytes(images, units)` bytes, overwritten.
 */
export function denseLists(dz: usize, images: i32, units: i32, lists: Lists): void {
  lists.begin(images, units);
  for (let image = 0; image < images; image++) {
    lists.listRow(image, dz, units, image);
    dz += <usize> units << 2;
  }
}

/** Gradient to the input: dx[b, from…to) = Σ_j dz[b, j]·wT[j, from…to), overwritten. */
export function denseInputGradientSparse(
  lists: Lists,
  images: i32,
  _units: i32,
  wT: usize,
  wTPitch: usize,
  from: i32,
  to: i32,
  dx: usize,
  dxPitch: usize,
): void {
  for (let at = from; at < to; at += SPAN) {
    const floats = min(SPAN, to - at);
    const base = wT + (<usize> at << 2);
    let out = dx + (<usize> at << 2);
    for (let image = 0; image < images; image++) {
      const end = lists.rowEnd(image);
      accumulate(lists.row(image), end, base, wTPitch, lists.zeros, out, floats);
      out += dxPitch;
    }
  }
}

/**
 * Gradient to the transposed weights: dWT[j, 0…to−from) = Σ_b dz[b, j]·x[b, from…to), overwritten;
 * dWT holds this range only.
 */
export function denseWeightGradientSparse(
  lists: Lists,
  _images: i32,
  units: i32,
  x: usize,
  xPitch: usize,
  from: i32,
  to: i32,
  dWT: usize,
  dWTPitch: usize,
): void {
  for (let at = from; at < to; at += SPAN) {
    const floats = min(SPAN, to - at);
    const base = x + (<usize> at << 2);
    let out = dWT + (<usize> (at - from) << 2);
    for (let unit = 0; unit < units; unit++) {
      const end = lists.columnEnd(unit);
      accumulate(lists.column(unit), end, base, xPitch, lists.zeros, out, floats);
      out += dWTPitch;
    }
  }
}
