/**
 * From the rows of a PNG to one sample an element.
 *
 * @module
 */

import type { PngHeader } from "./png_file.ts";
import { passesOf, SAMPLES } from "./png_rows.ts";

/**
 * Makes samples of rows, and puts those of all passes where they belong.
 *
 * @param rows As `readRows` gives them; the samples take their memory where that is possible.
 * @param scale What samples of less than 8 bits are multiplied by.
 * @returns `(H, W, samples a pixel)`.
 */
export function readSamples(
  header: PngHeader,
  rows: Uint8Array<ArrayBuffer>,
  scale: number,
): Uint8Array | Uint16Array {
  if (header.depth < 8) return unpack(header, rows, scale);
  const stored = header.depth === 16 ? joinBytes(rows) : rows;
  return header.interlaced ? interleave(header, stored) : stored;
}

/** 16-bit samples of bytes, the high one first, in the same memory. */
function joinBytes(bytes: Uint8Array<ArrayBuffer>): Uint16Array {
  const samples = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2);
  for (let i = 0; i < samples.length; i++) samples[i] = bytes[2 * i]! << 8 | bytes[2 * i + 1]!;
  return samples;
}

/** Samples of less than 8 bits, from the high end of each byte; there is one a pixel. */
function unpack(header: PngHeader, rows: Uint8Array, scale: number): Uint8Array {
  const { width, height, depth } = header;
  const samples = new Uint8Array(width * height);
  const mask = 2 ** depth - 1;
  let start = 0;
  for (const { pass, rows: count, columns, rowBytes } of passesOf(header)) {
    for (let row = 0; row < count; row++, start += rowBytes) {
      let to = (pass.top + row * pass.rowStep) * width + pass.left;
      for (let column = 0; column < columns; column++, to += pass.columnStep) {
        const bit = column * depth;
        const byte = rows[start + (bit >> 3)]!;
        samples[to] = (byte >> 8 - depth - (bit & 7) & mask) * scale;
      }
    }
  }
  return samples;
}

/** Puts the samples of passes where they belong. */
function interleave<Samples extends Uint8Array | Uint16Array>(
  header: PngHeader,
  stored: Samples,
): Samples {
  const { width } = header;
  const perPixel = SAMPLES[header.colour];
  const samples = new (stored.constructor as { new (length: number): Samples })(stored.length);
  let from = 0;
  for (const { pass, rows, columns } of passesOf(header)) {
    for (let row = 0; row < rows; row++) {
      const start = (pass.top + row * pass.rowStep) * width + pass.left;
      for (let column = 0; column < columns; column++) {
        const to = (start + column * pass.columnStep) * perPixel;
        for (let s = 0; s < perPixel; s++) samples[to + s] = stored[from++]!;
      }
    }
  }
  return samples;
}
