/**
 * Images to PNG: `node:zlib`, which the decoder needs anyway, and three chunks around it.
 *
 * Why not a library: an answer of the server holds two digits, and fast-png takes three times as long for
 * each; to load it and its fflate takes a tenth of the server's start.
 *
 * @module
 */

import { crc32, deflateSync } from "node:zlib";
import type { Image } from "../core/types.ts";
import { PNG_SIGNATURE } from "./png_file.ts";

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
  const compressed = stored
    ? store(rowsOf(data, width * channels))
    : deflateSync(rowsOf(data, width * channels));
  const bytes = new Uint8Array(PNG_SIGNATURE.length + 3 * CHUNK + HEADER + compressed.length);
  bytes.set(PNG_SIGNATURE);
  const header = new Uint8Array(HEADER);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Depth and colour type; compression, filter and interlace are the ones that are there.
  header.set([8, channels === 1 ? 0 : 2], 8);
  let end: number = PNG_SIGNATURE.length;
  end = writeChunk(bytes, end, "IHDR", header);
  end = writeChunk(bytes, end, "IDAT", compressed);
  writeChunk(bytes, end, "IEND", new Uint8Array());
  return bytes;
}

/** Bytes of IHDR. */
const HEADER = 13;

/** Bytes of a chunk beside its data: length, type and checksum. */
const CHUNK = 12;

/** Samples of 8 bits, each row behind a byte that says that it is not filtered. */
function rowsOf(data: Float32Array, rowLength: number): Uint8Array {
  // A clamped array rounds to nearest. (`from` takes thirty times as long as this loop.)
  const rows = new Uint8ClampedArray(data.length + data.length / rowLength);
  for (let from = 0, to = 0; from < data.length;) {
    to++;
    for (const end = from + rowLength; from < end;) rows[to++] = data[from++]! * 255;
  }
  return new Uint8Array(rows.buffer);
}

/** The longest block that Deflate stores. */
const BLOCK = 65_535;

/** A zlib stream that holds bytes as they are. */
function store(bytes: Uint8Array): Uint8Array {
  const blocks = Math.ceil(bytes.length / BLOCK);
  const stream = new Uint8Array(2 + 5 * blocks + bytes.length + 4);
  const view = new DataView(stream.buffer);
  stream.set([0x78, 0x01]);
  let end = 2;
  for (let from = 0; from < bytes.length; from += BLOCK) {
    const block = bytes.subarray(from, from + BLOCK);
    stream[end] = from + BLOCK < bytes.length ? 0 : 1;
    view.setUint16(end + 1, block.length, true);
    view.setUint16(end + 3, ~block.length, true);
    stream.set(block, end + 5);
    end += 5 + block.length;
  }
  view.setUint32(end, adler32(bytes));
  return stream;
}

/** The checksum of a zlib stream (RFC 1950, section 8.2). */
function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (let i = 0; i < bytes.length;) {
    // After so many bytes, neither has grown beyond 32 bits.
    for (const end = Math.min(i + 5_552, bytes.length); i < end; i++) b += a += bytes[i]!;
    a %= 65_521;
    b %= 65_521;
  }
  return b * 65_536 + a;
}

/** Writes a chunk; returns where it ends. */
function writeChunk(bytes: Uint8Array, at: number, type: string, data: Uint8Array): number {
  const view = new DataView(bytes.buffer);
  const end = at + CHUNK + data.length;
  view.setUint32(at, data.length);
  for (let i = 0; i < 4; i++) bytes[at + 4 + i] = type.charCodeAt(i);
  bytes.set(data, at + 8);
  view.setUint32(end - 4, crc32(bytes.subarray(at + 4, end - 4)));
  return end;
}
