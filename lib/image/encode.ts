/**
 * Images to PNG.
 *
 * @module
 */

import { encode } from "fast-png";
import type { Image } from "../core/types.ts";

/** How `encodePng` writes. */
export interface PngOptions {
  /**
   * Stores the samples as they are: a digit takes 880 bytes for about 250, and a quarter of the time.
   * Default `false`.
   */
  readonly stored?: boolean;
}

/**
 * Encodes an image as an 8-bit PNG, grey or RGB.
 *
 * @param image `(H, W, 1)` or `(H, W, 3)`; values in 0–1 are rounded to 1/255, others clamped.
 * @throws {RangeError} If it has other than 1 or 3 channels.
 *
 * @example
 * ```ts
 * import { encodePng } from "./encode.ts";
 * import assert from "node:assert/strict";
 *
 * const png = encodePng({ data: new Float32Array(28 * 28), shape: [28, 28, 1] });
 * assert.deepEqual([...png.subarray(1, 4)], [..."PNG"].map((letter) => letter.charCodeAt(0)));
 * ```
 */
export function encodePng(
  { data, shape }: Image,
  { stored = false }: PngOptions = {},
): Uint8Array<ArrayBuffer> {
  const [height, width, channels] = shape;
  if (channels !== 1 && channels !== 3) {
    throw new RangeError(`Cannot encode PNG: image must have 1 or 3 channels, got ${channels}`);
  }
  // A clamped array rounds to nearest. (`from` takes thirty times as long as this loop.)
  const samples = new Uint8ClampedArray(data.length);
  for (let i = 0; i < data.length; i++) samples[i] = data[i]! * 255;
  const image = { width, height, channels, depth: 8, data: samples } as const;
  return new Uint8Array(encode(image, stored ? { zlib: { level: 0 } } : {}));
}
