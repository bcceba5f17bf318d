/**
 * Huffman codes of a JPEG, made ready to be looked up.
 *
 * @module
 */

import { brokenScan, NO_SUCH_CODE } from "./jpeg_faults.ts";
import { broken } from "./jpeg_segments.ts";
import type { HuffmanCodes } from "./jpeg_tables.ts";

/**
 * Bits that are looked up at once, in `assembly/scan.ts` too. For more, what longer codes save is lost
 * again where the table is made, and on its way through the cache.
 */
export const LOOKAHEAD = 9;

/**
 * What stands at the next bits, in one integer: in bits 0 to 4, how many bits it takes; in 5 to 8, how
 * many more the value's own bits take, if they are not among them; in 9 to 12, the run of zeros before
 * it; from 16 on, the value, with its sign. 0 if there is no such code.
 */
export type Entry = number;

/** Of an entry: the bits that it takes. */
export const lengthOf = (entry: Entry): number => entry & 31;
/** Of an entry: the bits that are still to be read for its value. */
export const sizeOf = (entry: Entry): number => entry >> 5 & 15;
/** Of an entry: the zeros before its value; or, where the value is 0, what it means by that. */
export const runOf = (entry: Entry): number => entry >> 9 & 15;
/** Of an entry: its value. */
export const valueOf = (entry: Entry): number => entry >> 16;

/** The codes of a table. */
export interface HuffmanTable {
  /** By the next `LOOKAHEAD` bits; 0 for longer codes. */
  readonly lookup: Int32Array;
  /** By the length of a code: what the next 16 bits are below if there is a code of that length. */
  readonly limits: Int32Array;
  /** By the length of a code: its symbol's index less the code. */
  readonly offsets: Int32Array;
  readonly symbols: Uint8Array;
}

/**
 * Makes a table of its codes (ISO/IEC 10918-1, C.2).
 *
 * @param codes As the file has them.
 * @param isDc Whether its symbols are sizes of differences, which have no run.
 * @throws {ImageDecodeError} If they are no codes.
 */
export function createHuffmanTable(codes: HuffmanCodes, isDc: boolean): HuffmanTable {
  const lookup = new Int32Array(1 << LOOKAHEAD);
  const limits = new Int32Array(17);
  const offsets = new Int32Array(17);
  const symbols = codes.subarray(16);
  if (symbols.length > 256 || isDc && symbols.some((symbol) => symbol > 15)) {
    throw broken("Huffman codes must stand for what JPEG knows, got others");
  }
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    offsets[length] = index - code;
    for (let i = 0; i < codes[length - 1]!; i++) {
      if (length <= LOOKAHEAD) fill(lookup, code, length, symbols[index]!);
      code++;
      index++;
    }
    if (code > 1 << length) throw broken("Huffman codes must be told apart, got too many");
    limits[length] = code << 16 - length;
    code <<= 1;
  }
  return { lookup, limits, offsets, symbols };
}

/** Writes the entries of all next bits that begin with a code. */
function fill(lookup: Int32Array, code: number, length: number, symbol: number): void {
  const free = LOOKAHEAD - length;
  const size = symbol & 15;
  const run = symbol >> 4 << 9;
  const start = code << free;
  if (size > free || size === 0) {
    lookup.fill(length | size << 5 | run, start, start + (1 << free));
    return;
  }
  for (let rest = 0; rest < 1 << free; rest++) {
    const value = extend(rest >> free - size, size);
    lookup[start + rest] = length + size | run | value << 16;
  }
}

/**
 * A value of its own bits (F.2.2.1): half of them are below 0.
 *
 * @param bits The bits.
 * @param size How many, from 1 on.
 */
export function extend(bits: number, size: number): number {
  return bits < 1 << size - 1 ? bits - (1 << size) + 1 : bits;
}

/**
 * The entry of a code that is longer than `LOOKAHEAD`.
 *
 * @param next The next 16 bits.
 * @throws {ImageDecodeError} If there is no such code.
 */
export function longEntry({ limits, offsets, symbols }: HuffmanTable, next: number): Entry {
  for (let length = LOOKAHEAD + 1; length <= 16; length++) {
    if (next < limits[length]!) {
      const symbol = symbols[(next >> 16 - length) + offsets[length]!]!;
      return length | (symbol & 15) << 5 | symbol >> 4 << 9;
    }
  }
  throw brokenScan(NO_SUCH_CODE);
}
