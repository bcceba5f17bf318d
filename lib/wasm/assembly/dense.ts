/**
 * A dense layer's forward pass, y = x·W + bias, for inputs of which many may be zero: behind ReLU and
 * max pooling, five in six of the article network's are. Their rows of W are then not read, which is
 * most of the work where images are few. (0·∞ and 0·NaN are therefore 0 there.)
 */

import { accumulate, ENTRY_BYTES } from "./accumulate";
import { listValues } from "./lists";
import { matMul, matMulScratch } from "./mat_mul";
import { countNonZero } from "./sparse";
import { RELU } from "./tile";

/** Bytes of scratch that `denseForward` takes. */
export function denseForwardScratch(inputs: i32, units: i32): f64 {
  return max(matMulScratch(units, inputs), <f64> inputs * ENTRY_BYTES);
}

/**
 * y = x·W + bias for x `(images, inputs)`, W `(inputs, units)`, y `(images, units)`; pitches are bytes
 * from row to row, those of x follow each other. Both ways sum in the same order.
 *
 * @param bias `(units)`, or 0 for none.
 * @param flags `RELU`.
 * @param scratch `denseForwardScratch(inputs, units)` bytes.
 */
export function denseForward(
  x: usize,
  images: i32,
  inputs: i32,
  w: usize,
  wPitch: usize,
  units: i32,
  bias: usize,
  flags: i32,
  y: usize,
  yPitch: usize,
  scratch: usize,
): void {
  // Of many images, the tile reads each row of W once for six of them.
  const share = images <= 2 ? 2 : 4;
  if (<i64> countNonZero(x, images * inputs) * share >= <i64> images * inputs) {
    const xPitch = <usize> inputs << 2;
    matMul(x, xPitch, 4, w, wPitch, 4, y, yPitch, images, units, inputs, bias, flags, scratch);
    return;
  }
  const bytes = <usize> units << 2;
  for (let image = 0; image < images; image++) {
    const end = listValues(x, inputs, scratch);
    if (bias != 0) memory.copy(y, bias, bytes);
    else memory.fill(y, 0, bytes);
    accumulate(scratch, end, w, wPitch, 0, y, units);
    if (flags & RELU) clamp(y, units);
    x += <usize> inputs << 2;
    y += yPitch;
  }
}

/** Makes what is below zero zero. */
function clamp(values: usize, n: i32): void {
  for (; n >= 4; n -= 4) {
    v128.store(values, f32x4.pmax(v128.load(values), f32x4.splat(0)));
    values += 16;
  }
  for (; n > 0; n--) {
    const value = load<f32>(values);
    if (value < 0) store<f32>(values, 0);
    values += 4;
  }
}
