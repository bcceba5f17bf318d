/**
 * Builds JPEGs for tests out of whole ones: segments put in, taken out and altered.
 *
 * @module
 */

import { concat } from "./build_png.ts";

/** A segment: marker, length, data. */
export function segment(marker: number, data: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = data.length + 2;
  return concat([Uint8Array.of(0xff, marker, length >> 8, length & 255), data]);
}

/** A JPEG with these bytes right behind its start marker. */
export function insert(jpeg: Uint8Array, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return concat([jpeg.subarray(0, 2), ...parts, jpeg.subarray(2)]);
}

/** Where the first segment of a kind begins, its marker included. */
export function find(jpeg: Uint8Array, marker: number): number {
  return jpeg.findIndex((byte, i) => byte === 0xff && jpeg[i + 1] === marker);
}

/** A JPEG without its first segment of a kind. */
export function without(jpeg: Uint8Array, marker: number): Uint8Array<ArrayBuffer> {
  const start = find(jpeg, marker);
  const length = jpeg[start + 2]! << 8 | jpeg[start + 3]!;
  return concat([jpeg.subarray(0, start), jpeg.subarray(start + 2 + length)]);
}

/** What stands in a TIFF directory's entry. */
export interface ExifFields {
  readonly tag?: number;
  /** 3: 16-bit integers. */
  readonly type?: number;
  readonly count?: number;
  readonly value?: number;
  /** What it says of its number of entries; it has one. */
  readonly entries?: number;
  /** Where it says that the directory is. */
  readonly directory?: number;
  readonly magic?: number;
}

/** Exif data that holds one entry, an orientation where nothing else is said. */
export function exif(order: "II" | "MM", fields: ExifFields = {}): Uint8Array<ArrayBuffer> {
  const { tag = 0x112, type = 3, count = 1, value = 1, entries = 1 } = fields;
  const view = new DataView(new ArrayBuffer(26));
  const isLittle = order === "II";
  for (const i of [0, 1]) view.setUint8(i, order.charCodeAt(i));
  view.setUint16(2, fields.magic ?? 42, isLittle);
  view.setUint32(4, fields.directory ?? 8, isLittle);
  view.setUint16(8, entries, isLittle);
  view.setUint16(10, tag, isLittle);
  view.setUint16(12, type, isLittle);
  view.setUint32(14, count, isLittle);
  view.setUint16(18, value, isLittle);
  return new Uint8Array(view.buffer);
}

/** The APP1 segment of such data. */
export function exifSegment(tiff: Uint8Array): Uint8Array<ArrayBuffer> {
  return segment(0xe1, concat([new TextEncoder().encode("Exif\0\0"), tiff]));
}
