/**
 * What an image file asks for, before it is decoded.
 *
 * @module
 */

import { detectImageType, type ImageType } from "./image_type.ts";
import { readJpegFile } from "./jpeg_file.ts";
import { readPngFile } from "./png_file.ts";

/** An image file as its container describes it. */
export interface ImageHead {
  readonly type: ImageType;
  /** As stored, before it is turned upright. */
  readonly width: number;
  readonly height: number;
  /**
   * About how much work its decoding is, in pixels of a large baseline JPEG: half as much or twice as
   * much is possible. At most 5 times `MAX_PIXELS` for a file of up to `MAX_BYTES`.
   */
  readonly cost: number;
}

/** By the work, a block that a scan passes over is as much as so many pixels. */
const PIXELS_A_BLOCK = 8;

/**
 * Reads the container of an image, and decodes nothing. It takes the time of going over the file once.
 *
 * @param bytes The file.
 * @throws {ImageTypeError} If it is not of an accepted type, as in `decodeImage`.
 * @throws {ImageDecodeError} If its container is broken, truncated or over `MAX_PIXELS`, as there.
 *
 * @example
 * ```ts
 * import { encodePng } from "./encode.ts";
 * import { peekImage } from "./peek.ts";
 * import assert from "node:assert/strict";
 *
 * const png = encodePng({ data: new Float32Array(6), shape: [2, 3, 1] });
 * const { type, width, height } = peekImage(png);
 * assert.deepEqual({ type, width, height }, { type: "image/png", width: 3, height: 2 });
 * ```
 */
export function peekImage(bytes: Uint8Array): ImageHead {
  const type = detectImageType(bytes);
  if (type === "image/jpeg") {
    const { frame: { width, height }, blocks } = readJpegFile(bytes);
    return { type, width, height, cost: width * height + PIXELS_A_BLOCK * blocks + bytes.length };
  }
  const { header: { width, height }, compressed } = readPngFile(bytes);
  return { type, width, height, cost: width * height + compressed.length };
}
