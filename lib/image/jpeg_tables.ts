/**
 * The tables of a JPEG, as its segments bring them.
 *
 * @module
 */

import { broken } from "./jpeg_segments.ts";

/** Where the coefficients of a block belong, row by row, in the order in which they are stored. */
export const ZIGZAG = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5],
  ...[12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28],
  ...[35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51],
  ...[58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63],
);

/** How many codes there are of each length from 1 to 16, and what they stand for. */
export type HuffmanCodes = Uint8Array;

/** The tables that hold at a place of the file, by number. */
export interface Tables {
  /** Row by row. */
  readonly quantization: (Int32Array | undefined)[];
  readonly dc: (HuffmanCodes | undefined)[];
  readonly ac: (HuffmanCodes | undefined)[];
}

/**
 * Reads a segment of quantization tables (ISO/IEC 10918-1, B.2.4.1).
 *
 * @param data The segment's data.
 * @param tables What is replaced in.
 * @throws {ImageDecodeError} If they do not fill their segment, or have a number that there is not.
 */
export function readQuantization(data: Uint8Array, { quantization }: Tables): void {
  for (const [kind, values] of split(data, (offset) => data[offset]! < 16 ? 64 : 128)) {
    const table = new Int32Array(64);
    for (let i = 0; i < 64; i++) {
      table[ZIGZAG[i]!] = kind < 16 ? values[i]! : values[2 * i]! << 8 | values[2 * i + 1]!;
    }
    quantization[kind & 15] = table;
  }
}

/**
 * Reads a segment of Huffman tables (B.2.4.2). Whether the codes are ones is seen when they are used.
 *
 * @param data The segment's data.
 * @param tables What is replaced in.
 * @throws {ImageDecodeError} If they do not fill their segment, or have a number that there is not.
 */
export function readHuffman(data: Uint8Array, tables: Tables): void {
  const lengthOf = (offset: number) => {
    let length = 16;
    for (let i = 1; i <= 16; i++) length += data[offset + i] ?? 0;
    return length;
  };
  for (const [kind, codes] of split(data, lengthOf)) {
    (kind < 16 ? tables.dc : tables.ac)[kind & 15] = codes;
  }
}

type Table = readonly [kind: number, content: Uint8Array];

/**
 * The tables of a segment, each behind a byte of its kind and number. Tables that do not end with their
 * segment would have the decoder read on in the next one.
 *
 * @param lengthOf How long the table is whose kind stands at an offset, without that.
 */
function split(data: Uint8Array, lengthOf: (offset: number) => number): readonly Table[] {
  const tables: Table[] = [];
  let offset = 0;
  while (offset < data.length) {
    const end = offset + 1 + lengthOf(offset);
    tables.push([data[offset]!, data.subarray(offset + 1, end)]);
    offset = end;
  }
  if (offset !== data.length) {
    throw broken(`tables must fill their segment, got ${offset} bytes in ${data.length}`);
  }
  for (const [kind] of tables) {
    if (kind >> 4 > 1 || (kind & 15) > 3) {
      throw broken(`tables must have a number from 0 to 3, got ${kind.toString(16)} (hexadecimal)`);
    }
  }
  return tables;
}
