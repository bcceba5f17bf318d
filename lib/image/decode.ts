/**
 * Image bytes from outside to samples.
 *
 * @module
 */

import { ImageTypeError } from "./errors.ts";
import { decodeJpeg } from "./jpeg.ts";
import { ACCEPTED_TYPES } from "./limits.ts";
import { decodePng } from "./png.ts";
import type { Raster } from "./raster.ts";

/** First bytes that tell the type; the rest of PNG's signature tells whether it is whole. */
const PNG_MAGIC = [0x89, 0x50, 0x4e, 0x47];
const JPEG_MAGIC = [0xff, 0xd8, 0xff];

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
  if (startsWith(bytes, PNG_MAGIC)) return decodePng(bytes);
  if (startsWith(bytes, JPEG_MAGIC)) return decodeJpeg(bytes);
  throw new ImageTypeError(
    `Cannot decode image: it must be ${ACCEPTED_TYPES.join(" or ")}, ` +
      `got ${describe(bytes)}; convert it to PNG`,
  );
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function describe(bytes: Uint8Array): string {
  if (bytes.length === 0) return "no bytes";
  return `bytes that begin with ${bytes.slice(0, 4).toHex()}`;
}
