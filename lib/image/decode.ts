/**
 * Image bytes from outside to samples.
 *
 * @module
 */

import { detectImageType } from "./image_type.ts";
import { decodeJpeg } from "./jpeg.ts";
import { decodePng } from "./png.ts";
import type { Raster } from "./raster.ts";

/**
 * Decodes a PNG or a JPEG; its first bytes decide which, never a name or a header. The image comes out
 * upright: turned as the orientation in its Exif data says.
 *
 * Safe with hostile bytes: sizes are checked before anything is inflated or allocated, and nothing
 * but the two errors comes out.
 *
 * @param bytes The file.
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
export function decodeImage(bytes: Uint8Array): Raster {
  return detectImageType(bytes) === "image/png" ? decodePng(bytes) : decodeJpeg(bytes);
}
