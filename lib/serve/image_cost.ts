/**
 * What it will cost to decode an image, from its header.
 *
 * @module
 */

import { decodeImage } from "../image/decode.ts";
import { checkSize } from "../image/limits.ts";

/** PNG's signature, and the length and type of the chunk that must come first. */
const PNG_START = [...[0x89, 0x50, 0x4e, 0x47], 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13];
const JPEG_START = [0xff, 0xd8, 0xff];

const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;

/**
 * Estimates the work of decoding an image, without decoding anything of it: type and declared size are
 * checked here, so that what is refused for them costs next to nothing. What else may be wrong is left
 * to the decoder, which comes upon it soon.
 *
 * The unit is a pixel that is decoded once. A JPEG's scan passes over all pixels for the components
 * that it holds; so one in several scans costs the more.
 *
 * @param bytes The file.
 * @returns Pixels, at least one; the file's own bytes count as a pixel each.
 * @throws {ImageTypeError} If it is not of an accepted type.
 * @throws {ImageDecodeError} If it declares no pixel, or more than `MAX_PIXELS`.
 *
 * @example
 * ```ts
 * import { encodePng } from "../image/mod.ts";
 * import { imageCost } from "./image_cost.ts";
 * import assert from "node:assert/strict";
 *
 * const png = encodePng({ data: new Float32Array(28 * 28), shape: [28, 28, 1] });
 * assert.equal(imageCost(png), 28 * 28 + png.length);
 * ```
 */
export function imageCost(bytes: Uint8Array): number {
  if (startsWith(bytes, PNG_START.slice(0, 4))) return pngPixels(bytes) + bytes.length;
  if (startsWith(bytes, JPEG_START)) return jpegPixels(bytes) + bytes.length;
  decodeImage(bytes); // Says at once that it is of no accepted type.
  return bytes.length;
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return start.every((byte, i) => bytes[i] === byte);
}

function pngPixels(bytes: Uint8Array): number {
  if (!startsWith(bytes, PNG_START) || bytes.length < 24) return 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  checkSize("PNG", { width, height });
  return width * height;
}

function jpegPixels(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let frame: { pixels: number; components: number } | undefined;
  let scanned = 0;
  let offset = 2;
  while (offset + 10 <= bytes.length && bytes[offset] === 0xff) {
    const marker = bytes[offset + 1]!;
    if (marker === 0xff) { // Before a marker there may be fill bytes.
      offset++;
      continue;
    }
    if (marker === END_OF_IMAGE) break;
    if (isFrameHeader(marker)) {
      const [height, width] = [view.getUint16(offset + 5), view.getUint16(offset + 7)];
      checkSize("JPEG", { width, height });
      frame ??= { pixels: width * height, components: Math.max(1, bytes[offset + 9]!) };
    }
    if (marker === START_OF_SCAN) scanned += bytes[offset + 4]!;
    offset += 2 + view.getUint16(offset + 2);
    if (marker === START_OF_SCAN) offset = nextMarker(bytes, offset);
  }
  if (frame === undefined) return 0;
  return Math.ceil(frame.pixels * Math.max(1, scanned / frame.components));
}

/** SOF0 to SOF15; C4, C8 and CC among them are tables and extensions. */
function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** Where a scan's data ends: stuffed bytes and restarts are part of it. */
function nextMarker(bytes: Uint8Array, start: number): number {
  // Faster than to look for each 0xff by itself: of such bytes a whole file may consist.
  for (let offset = start; offset + 1 < bytes.length; offset++) {
    if (bytes[offset] !== 0xff) continue;
    const marker = bytes[offset + 1]!;
    if (marker !== 0 && !(marker >= 0xd0 && marker <= 0xd7)) return offset;
  }
  return bytes.length;
}
