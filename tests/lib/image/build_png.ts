/**
 * Writes PNGs of every kind, right and wrong, for tests: independent of the decoder and, unlike
 * encoders, free to break the rules.
 *
 * @module
 */

import { crc32, deflateSync } from "node:zlib";

export const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The pass of each pixel, repeated over the image (PNG, section 8.2). */
const ADAM7 = [
  [1, 6, 4, 6, 2, 6, 4, 6],
  [7, 7, 7, 7, 7, 7, 7, 7],
  [5, 6, 5, 6, 5, 6, 5, 6],
  [7, 7, 7, 7, 7, 7, 7, 7],
  [3, 6, 4, 6, 3, 6, 4, 6],
  [7, 7, 7, 7, 7, 7, 7, 7],
  [5, 6, 5, 6, 5, 6, 5, 6],
  [7, 7, 7, 7, 7, 7, 7, 7],
];

/** What IHDR says; grey, 8 bits, one pixel where left out. */
export interface HeaderFields {
  width?: number;
  height?: number;
  depth?: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha. */
  colourType?: number;
  compression?: number;
  filter?: number;
  interlace?: number;
}

/** A chunk with its length and checksum. */
export function chunk(type: string, data: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** The IHDR chunk. */
export function header(fields: HeaderFields): Uint8Array<ArrayBuffer> {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, fields.width ?? 1);
  view.setUint32(4, fields.height ?? 1);
  data.set([
    fields.depth ?? 8,
    fields.colourType ?? 0,
    fields.compression ?? 0,
    fields.filter ?? 0,
    fields.interlace ?? 0,
  ], 8);
  return chunk("IHDR", data);
}

/** A whole file: signature, IHDR, other chunks, IDAT of these rows (filter bytes included), IEND. */
export function buildPng(
  fields: HeaderFields,
  rows: Uint8Array,
  chunks: readonly Uint8Array[] = [],
): Uint8Array<ArrayBuffer> {
  return concat([
    SIGNATURE,
    header(fields),
    ...chunks,
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND"),
  ]);
}

/**
 * Packs samples into unfiltered rows, interlaced where the header says so.
 *
 * @param samples `(H, W, samples a pixel)`, each below 2 to the depth.
 */
export function packRows(fields: HeaderFields, samples: readonly number[]): Uint8Array {
  const { width = 1, height = 1, depth = 8, interlace = 0 } = fields;
  const perPixel = samples.length / (width * height);
  const rows: number[] = [];
  for (const pass of interlace === 1 ? [1, 2, 3, 4, 5, 6, 7] : [0]) {
    for (let y = 0; y < height; y++) {
      let bits = "";
      for (let x = 0; x < width; x++) {
        if (pass !== 0 && ADAM7[y % 8]![x % 8] !== pass) continue;
        for (const sample of samples.slice((y * width + x) * perPixel).slice(0, perPixel)) {
          bits += sample.toString(2).padStart(depth, "0");
        }
      }
      if (bits === "") continue;
      const bytes = bits.match(/.{1,8}/g) ?? [];
      rows.push(0, ...bytes.map((byte) => parseInt(byte.padEnd(8, "0"), 2)));
    }
  }
  return Uint8Array.from(rows);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
