/**
 * Of which type an image file is.
 *
 * @module
 */

import { ImageTypeError } from "./errors.ts";
import { ACCEPTED_TYPES } from "./limits.ts";

/** The media type of a file that is accepted. */
export type ImageType = typeof ACCEPTED_TYPES[number];

/** First bytes that tell the type; the rest of PNG's signature tells whether it is whole. */
const MAGIC: Readonly<Record<ImageType, readonly number[]>> = {
  "image/png": [0x89, 0x50, 0x4e, 0x47],
  "image/jpeg": [0xff, 0xd8, 0xff],
};

/**
 * Tells the type of a file by its first bytes, never by a name or a header.
 *
 * @param bytes The file.
 * @throws {ImageTypeError} If it is of no accepted type.
 */
export function detectImageType(bytes: Uint8Array): ImageType {
  const type = ACCEPTED_TYPES.find((type) => MAGIC[type].every((byte, i) => bytes[i] === byte));
  if (type) return type;
  throw new ImageTypeError(
    `Cannot decode image: it must be ${ACCEPTED_TYPES.join(" or ")}, ` +
      `got ${describe(bytes)}; convert it to PNG`,
  );
}

function describe(bytes: Uint8Array): string {
  if (bytes.length === 0) return "no bytes";
  return `bytes that begin with ${bytes.slice(0, 4).toHex()}`;
}
