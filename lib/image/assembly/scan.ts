/**
 * A scan that codes whole blocks (baseline and extended sequential JPEG): from its bits to
 * coefficients, a row of units at a time.
 */

import { Bits, openInterval } from "./interval";

/** What may be wrong; `jpeg_faults.ts` has the sentences. */
const NO_SUCH_CODE: i32 = -1;
const BLOCK_TOO_LONG: i32 = -2;
const ENDS_WITHIN_BLOCK: i32 = -3;
const NO_RESTART: i32 = -4;
const WRONG_RESTART: i32 = -5;

/** Where the coefficients of a block belong, row by row, in the order in which they are stored. */
// deno-fmt-ignore
const ZIGZAG = memory.data<u8>([
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
  12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
  58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
]);

/** Bits that are looked up at once, as in `jpeg_huffman.ts`, which also says what an entry is. */
const LOOKAHEAD: i32 = 9;

/** A table of `jpeg_huffman.ts`: `lookup`, `limits`, `offsets`, i32, and `symbols`, bytes. */
const LIMITS: usize = 4 << LOOKAHEAD;
const OFFSETS: usize = LIMITS + 17 * 4;
const SYMBOLS: usize = OFFSETS + 17 * 4;

/** One component of a scan. */
@unmanaged
class Part {
  /** Its tables. */
  dc: usize;
  ac: usize;
  /** Its blocks in a unit: across, and down. */
  across: i32;
  down: i32;
  /** Coefficients of a row of units, `(down, columns, 8, 8)`, i16, all zero; by block, the last one. */
  blocks: usize;
  lasts: usize;
  /** Blocks in a row. */
  columns: i32;
  /** The first coefficient of the block before. */
  prediction: i32;
}

/** A scan: `Bits`, these fields, and behind them its parts. */
@unmanaged
class Scan extends Bits {
  /** Units in a row. */
  unitColumns: i32;
  /** Units between two restart markers, 0 if there are none; and how many of them are to come. */
  restartInterval: i32;
  unitsLeft: i32;
  partCount: i32;

  part(index: i32): Part {
    return changetype<Part>(
      changetype<usize>(this) + offsetof<Scan>() + <usize> index * offsetof<Part>(),
    );
  }
}

/**
 * Decodes the next row of units, after `openInterval` the first.
 *
 * @returns 0, or a code of what is wrong.
 */
export function decodeRow(scan: Scan): i32 {
  const partCount = scan.partCount;
  for (let column = 0; column < scan.unitColumns; column++) {
    if (scan.restartInterval > 0 && scan.unitsLeft-- == 0) {
      const code = restart(scan);
      if (code < 0) return code;
    }
    for (let i = 0; i < partCount; i++) {
      const part = scan.part(i);
      const across = part.across;
      for (let y = 0; y < part.down; y++) {
        const first = part.columns * y + column * across;
        for (let x = 0; x < across; x++) {
          const index = <usize> (first + x);
          const last = decodeBlock(scan, part, part.blocks + index * 128);
          if (last < 0) return last;
          if (scan.position > scan.end) return ENDS_WITHIN_BLOCK;
          store<u8>(part.lasts + index, last);
        }
      }
    }
  }
  return 0;
}

/** Goes on to the next interval. */
function restart(scan: Scan): i32 {
  if (scan.next > scan.length) return NO_RESTART;
  const marker = <i32> load<u8>(scan.codes + scan.next - 1);
  if ((marker & 0xf8) != 0xd0) return NO_RESTART;
  if ((marker & 7) != (scan.restarts++ & 7)) return WRONG_RESTART;
  openInterval(scan);
  scan.unitsLeft = scan.restartInterval - 1;
  for (let i = 0; i < scan.partCount; i++) scan.part(i).prediction = 0;
  return 0;
}

/**
 * Reads a block (ISO/IEC 10918-1, F.2.2).
 *
 * @returns In zigzag order, the index of the last coefficient that was read; or what is wrong.
 */
function decodeBlock(scan: Scan, part: Part, block: usize): i32 {
  let position = scan.position;
  let bits = scan.at(position);
  // The most that a code and its value take is 31 bits, and 57 are good.
  let lastPosition = position + 26;

  let entry = load<i32>(part.dc + (<usize> (bits >> (64 - LOOKAHEAD)) << 2));
  if (entry == 0) {
    entry = longEntry(part.dc, bits);
    if (entry == 0) return NO_SUCH_CODE;
  }
  let value = entry >> 16;
  let length = entry & 31;
  let size = entry >> 5 & 15;
  if (size > 0) {
    value = ownValue(bits, length, size);
    length += size;
  }
  bits <<= length;
  position += length;
  // To 16 bits, which no lawful file leaves.
  const prediction = <i32> <i16> (part.prediction + value);
  part.prediction = prediction;
  store<i16>(block, prediction);

  const table = part.ac;
  let index = 0;
  while (index < 63) {
    if (position > lastPosition) {
      bits = scan.at(position);
      lastPosition = position + 26;
    }
    entry = load<i32>(table + (<usize> (bits >> (64 - LOOKAHEAD)) << 2));
    value = entry >> 16;
    length = entry & 31;
    if (value == 0) {
      if (entry == 0) {
        entry = longEntry(table, bits);
        if (entry == 0) return NO_SUCH_CODE;
        length = entry & 31;
      }
      size = entry >> 5 & 15;
      if (size == 0) {
        bits <<= length;
        position += length;
        // The rest of the block is zero, or the next 16 are.
        if ((entry >> 9 & 15) < 15) break;
        index += 16;
        continue;
      }
      value = ownValue(bits, length, size);
      length += size;
    }
    bits <<= length;
    position += length;
    index += (entry >> 9 & 15) + 1;
    if (index > 63) return BLOCK_TOO_LONG;
    store<i16>(block + (<usize> load<u8>(ZIGZAG + index) << 1), value);
  }
  scan.position = position;
  return index;
}

/** The value whose own bits stand behind a code (F.2.2.1): half of them are below 0. */
function ownValue(bits: u64, length: i32, size: i32): i32 {
  const own = <i32> (bits << length >> (64 - size));
  return own < 1 << (size - 1) ? own - (1 << size) + 1 : own;
}

/** The entry of a code that is longer than what is looked up; 0 if there is none. */
function longEntry(table: usize, bits: u64): i32 {
  const next = <i32> (bits >> 48);
  for (let length = LOOKAHEAD + 1; length <= 16; length++) {
    const at = table + (<usize> length << 2);
    if (next < load<i32>(at, LIMITS)) {
      const index = (next >> (16 - length)) + load<i32>(at, OFFSETS);
      const symbol = <i32> load<u8>(table + index, SYMBOLS);
      return length | (symbol & 15) << 5 | symbol >> 4 << 9;
    }
  }
  return 0;
}
