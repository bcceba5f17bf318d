/**
 * The bits of a scan, one restart interval after the other.
 *
 * @module
 */

import {
  extend,
  type HuffmanTable,
  lengthOf,
  longEntry,
  LOOKAHEAD,
  sizeOf,
} from "./jpeg_huffman.ts";
import { broken, isRestart } from "./jpeg_segments.ts";

/** More bytes than a block can take: 64 values of a code and its own bits, 31 bits at most. */
const MOST_BYTES = 512;

/**
 * Reads the bits of a scan. The bytes of an interval are first freed of what is stuffed between them,
 * so that the way from bit to bit is short. It may be read beyond its end for one block; `checkEnd` sees
 * it.
 *
 * The fields are for the one loop that keeps them in registers, of `jpeg_sequential.ts`.
 */
export class BitReader {
  /** The bytes of the interval, and room behind them. */
  readonly bytes: Uint8Array;
  /** Where the next byte stands. */
  position = 0;
  /** What was taken out of `bytes` and not yet read, `count` bits at the low end. */
  buffer = 0;
  count = 0;
  #end = 0;
  #next = 0;
  #restarts = 0;

  /** @param codes A scan's, as the file has them. */
  constructor(private readonly codes: Uint8Array) {
    this.bytes = new Uint8Array(codes.length + MOST_BYTES);
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
      throw broken("its data must be whole, got a scan that ends before its last restart marker");
    }
    if ((marker & 7) !== (this.#restarts++ & 7)) {
      throw broken("its data must be whole, got restart markers that do not follow one another");
    }
    this.#fill();
  }

  /** Goes on to the bytes from `#next` to the next marker. */
  #fill(): void {
    const { from, to } = freeBytes(this.codes, this.#next, this.bytes);
    this.#next = from;
    this.#end = to;
    this.position = this.buffer = this.count = 0;
  }

  /**
   * Checks that no more was read than there is.
   *
   * @throws {ImageDecodeError} If more was.
   */
  checkEnd(): void {
    if (this.position * 8 - this.count > this.#end * 8) {
      throw broken("its data must be whole, got a scan that ends within a block");
    }
  }

  /** Has at least 16 bits ready. */
  prepare(): void {
    if (this.count < 16) {
      const { bytes, position } = this;
      this.buffer = this.buffer << 16 | bytes[position]! << 8 | bytes[position + 1]!;
      this.position = position + 2;
      this.count += 16;
    }
  }

  /** The next bits, up to 16. */
  read(size: number): number {
    this.prepare();
    this.count -= size;
    return this.buffer >>> this.count & (1 << size) - 1;
  }

  /**
   * Reads a code, and its value's own bits where they are among those that were looked up.
   *
   * @throws {ImageDecodeError} If there is no such code.
   */
  readEntry(table: HuffmanTable): number {
    this.prepare();
    const next = this.buffer >>> this.count - 16 & 0xffff;
    const entry = table.lookup[next >> 16 - LOOKAHEAD]! || longEntry(table, next);
    this.count -= lengthOf(entry);
    return entry;
  }

  /** The value of an entry that was read, with its own bits. */
  readValue(entry: number): number {
    const size = sizeOf(entry);
    return size === 0 ? entry >> 16 : extend(this.read(size), size);
  }
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
