/**
 * The bits of a progressive scan, one restart interval after the other.
 *
 * @module
 */

import { brokenScan, ENDS_WITHIN_BLOCK, NO_RESTART, WRONG_RESTART } from "./jpeg_faults.ts";
import {
  extend,
  type HuffmanTable,
  lengthOf,
  longEntry,
  LOOKAHEAD,
  sizeOf,
  valueOf,
} from "./jpeg_huffman.ts";
import { isRestart } from "./jpeg_segments.ts";

/** More bytes than a block can take: 64 values of a code and its own bits, 31 bits at most. */
const MOST_BYTES = 512;

/**
 * Reads the bits of a scan. The bytes of an interval are first freed of what is stuffed between them, so
 * that any bits can be taken out by their position alone. It may be read beyond its end for one block;
 * `checkEnd` sees it.
 */
export class BitReader {
  /** The bytes of the interval, and room behind them. */
  readonly #room: Uint8Array;
  readonly #view: DataView;
  /** The next bit, counted from the first of the interval. */
  #position = 0;
  #end = 0;
  #next = 0;
  #restarts = 0;

  /** @param codes A scan's, as the file has them. */
  constructor(private readonly codes: Uint8Array) {
    this.#room = new Uint8Array(codes.length + MOST_BYTES);
    this.#view = new DataView(this.#room.buffer);
    this.#fill();
  }

  /**
   * Goes on to the next interval.
   *
   * @throws {ImageDecodeError} If none comes, or another than the next.
   */
  restart(): void {
    const marker = this.codes[this.#next - 1];
    if (this.#next > this.codes.length || marker === undefined || !isRestart(marker)) {
      throw brokenScan(NO_RESTART);
    }
    if ((marker & 7) !== (this.#restarts++ & 7)) {
      throw brokenScan(WRONG_RESTART);
    }
    this.#fill();
  }

  /** Goes on to the bytes from `#next` to the next marker. */
  #fill(): void {
    const { from, to } = freeBytes(this.codes, this.#next, this.#room);
    this.#next = from;
    this.#end = 8 * to;
    this.#position = 0;
  }

  /**
   * Checks that no more was read than there is.
   *
   * @throws {ImageDecodeError} If more was.
   */
  checkEnd(): void {
    if (this.#position > this.#end) throw brokenScan(ENDS_WITHIN_BLOCK);
  }

  /** The next bits, from 1 to 16. */
  read(size: number): number {
    const value = peekBits(this.#view, this.#position) >>> 32 - size;
    this.#position += size;
    return value;
  }

  /**
   * Reads a code, and its value's own bits where they are among those that were looked up.
   *
   * @throws {ImageDecodeError} If there is no such code.
   */
  readEntry(table: HuffmanTable): number {
    const bits = peekBits(this.#view, this.#position);
    const entry = table.lookup[bits >>> 32 - LOOKAHEAD]! || longEntry(table, bits >>> 16);
    this.#position += lengthOf(entry);
    return entry;
  }

  /** The value of an entry that was read, with its own bits. */
  readValue(entry: number): number {
    const size = sizeOf(entry);
    return size === 0 ? valueOf(entry) : extend(this.read(size), size);
  }
}

/** The bits from a position on, at the high end of 32, of which 25 are good for use. */
function peekBits(bytes: DataView, position: number): number {
  return bytes.getInt32(position >>> 3) << (position & 7);
}

/**
 * Copies bytes up to the next marker, without the zeros that are stuffed behind 0xff.
 *
 * @returns Where what follows the marker stands, and how many bytes there are.
 */
function freeBytes(codes: Uint8Array, start: number, bytes: Uint8Array) {
  const { length } = codes;
  let from = start;
  let to = 0;
  while (from < length) {
    const byte = codes[from++]!;
    if (byte === 0xff) {
      while (from < length && codes[from] === 0xff) from++;
      const isData = from < length && codes[from] === 0;
      from++;
      if (!isData) break;
    }
    bytes[to++] = byte;
  }
  return { from, to };
}
