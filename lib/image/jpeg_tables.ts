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
  checkTables(data, ([kind = 0]) => kind < 16 ? 65 : 129);
  let offset = 0;
  while (offset < data.length) {
    const kind = data[offset++]!;
    checkNumber(kind);
    const table = new Int32Array(64);
    for (const place of ZIGZAG) {
      table[place] = kind < 16 ? data[offset++]! : data[offset++]! << 8 | data[offset++]!;
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
  checkTables(data, huffmanTableLength);
  let offset = 0;
  while (offset < data.length) {
    const kind = data[offset]!;
    checkNumber(kind);
    const end = offset + huffmanTableLength(data.subarray(offset));
    (kind < 16 ? tables.dc : tables.ac)[kind & 15] = data.subarray(offset + 1, end);
    offset = end;
  }
}

function checkNumber(kind: number): void {
  if (kind >> 4 > 1 || (kind & 15) > 3) {
    throw broken(`tables must have a number from 0 to 3, got ${kind.toString(16)} (hexadecimal)`);
  }
}

/** Tables that do not end with their segment would have the decoder read on in the next one. */
function checkTables(data: Uint8Array, lengthOf: (table: Uint8Array) => number): void {
  let offset = 0;
  while (offset < data.length) offset += lengthOf(data.subarray(offset));
  if (offset !== data.length) {
    throw broken(`tables must fill their segment, got ${offset} bytes in ${data.length}`);
  }
}

/** Its number, how many codes there are of each length from 1 to 16, and what they stand for. */
function huffmanTableLength(table: Uint8Array): number {
  return table.subarray(1, 17).reduce((length, codes) => length + codes, 17);
}
