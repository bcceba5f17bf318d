/**
 * Image bytes from outside to samples.
 *
 * @module
 */

import { detectImageType } from "./image_type.ts";
import { decodeJpeg, type JpegOptions } from "./jpeg.ts";
import { decodePng } from "./png.ts";
import type { Raster } from "./raster.ts";

/** How an image is decoded. */
export type DecodeOptions = JpegOptions;

/**
 * Decodes a PNG or a JPEG; its first bytes decide which, never a name or a header. The image comes out
 * upright: turned as the orientation in its Exif data says.
 *
 * Safe with hostile bytes: sizes are checked before anything is inflated or allocated, and nothing
 * but the two errors comes out.
 *
 * @param bytes The file.
 * @param options With `luma`, for models in grey: a JPEG in YCbCr, as nearly all are, comes as its Y
 * alone, which is luma by BT.601, in a quarter of the time. The luma of the colours that it has
 * otherwise, rounded and clamped, is not quite the same: in ten photographs, of 255 levels, it was a
 * sixth of a level off on average, in one pixel of 600 more than one, at most 13; and averaged to
 * 28×28, less than one. Noise in the strongest colours makes it up to 50. Other files come as without.
 * @throws {ImageTypeError} If it is not of an accepted type.
 * @throws {ImageDecodeError} If it is broken, truncated or over `MAX_PIXELS`.
 *
 * @example
 * ```ts
 * import { decodeImage } from "./decode.ts";
 * import { encodePng } from "./encode.ts";
 * import assert from "node:assert/strict";
 *
 * const png = encodePng({ data: new Float32Array([0, 1]), shape: [1, 2, 1] });
 * assert.deepEqual([...decodeImage(png).data], [0, 255]);
 * ```
 */
export function decodeImage(bytes: Uint8Array, options: DecodeOptions = {}): Raster {
  return detectImageType(bytes) === "image/png" ? decodePng(bytes) : decodeJpeg(bytes, options);
}
