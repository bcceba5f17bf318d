/**
 * Uploads for tests, made without the project's own encoder.
 *
 * @module
 */

import { encode } from "fast-png";
import jpeg from "jpeg-js";

/**
 * A 28 × 28 grey PNG that a fake model reads as a class: `label / 10` at the top left, black else.
 *
 * @param label 0–9.
 */
export function digitPng(label: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(28 * 28);
  data[0] = Math.round(label / 10 * 255);
  return new Uint8Array(encode({ width: 28, height: 28, data, channels: 1, depth: 8 }));
}

/**
 * A JPEG of one colour, which at any size a fake model reads as a class.
 *
 * @param label 0–9.
 */
export function digitJpeg(label: number): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(32 * 32 * 4).fill(Math.round(label / 10 * 255));
  return new Uint8Array(jpeg.encode({ width: 32, height: 32, data }, 95).data);
}
