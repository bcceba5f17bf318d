/**
 * What is accepted as an image from outside.
 *
 * This module is browser compatible.
 *
 * @module
 */

import { ImageDecodeError } from "./errors.ts";

/** Largest file, in bytes: 1 MiB. The HTTP body limit; `decodeImage` bounds its memory by pixels. */
export const MAX_BYTES = 1024 * 1024;

/** Largest image when decoded, in pixels: 4 megapixels, for example 2000 × 2000. */
export const MAX_PIXELS = 4_000_000;

/** Media types that `decodeImage` reads. */
export const ACCEPTED_TYPES = ["image/png", "image/jpeg"] as const;

/**
 * Checks the size that a file declares, before anything of that size is allocated.
 *
 * @param format For example `"PNG"`.
 * @param size Width and height as declared.
 * @throws {ImageDecodeError} If there is no pixel, or more than `MAX_PIXELS`.
 */
export function checkSize(format: string, size: { width: number; height: number }): void {
  const pixels = size.width * size.height;
  if (pixels === 0 || pixels > MAX_PIXELS) {
    throw new ImageDecodeError(
      `Cannot decode ${format}: its size must be from 1 to ${MAX_PIXELS} pixels, ` +
        `got ${size.width}×${size.height}; make it smaller first`,
    );
  }
}
