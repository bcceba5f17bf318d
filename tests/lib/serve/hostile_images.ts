/**
 * Images that cost far more than they weigh.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { deflateSync } from "node:zlib";
import { segment } from "../image/build_jpeg.ts";
import { chunk, header, SIGNATURE } from "../image/build_png.ts";

const SIDE = 2000;

/** What a progressive frame in one component begins with, its tables included. */
function jpegHead(side: number): Uint8Array<ArrayBuffer>[] {
  const size = [side >> 8, side & 255];
  // One code of one bit each: for DC "no change", for AC "16,384 blocks and more end here".
  const table = (kind: number, value: number) =>
    segment(0xc4, Uint8Array.of(kind, 1, ...new Uint8Array(15), value));
  return [
    Uint8Array.of(0xff, 0xd8),
    segment(0xdb, new Uint8Array(65).fill(1).with(0, 0)),
    segment(0xc2, Uint8Array.of(8, ...size, ...size, 1, 1, 0x11, 0)),
    table(0x00, 0),
    table(0x10, 0xe0),
  ];
}

function scan(
  { first, last, high, low }: { first: number; last: number; high: number; low: number },
  data: Uint8Array,
): Uint8Array<ArrayBuffer>[] {
  const head = segment(0xda, Uint8Array.of(1, 1, 0, first, last, high << 4 | low));
  return [head, new Uint8Array(data)];
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}

/** A JPEG of some hundred bytes whose 32 scans reach far beyond a block's 64 coefficients. */
export function scanBomb(): Uint8Array<ArrayBuffer> {
  const scans = Array.from(
    { length: 32 },
    () => scan({ first: 1, last: 255, high: 1, low: 0 }, new Uint8Array(6)),
  );
  return joined([...jpegHead(SIDE), ...scans.flat(), Uint8Array.of(0xff, 0xd9)]);
}

/**
 * A lawful progressive JPEG, all grey, of 8 kB: 29 scans refine coefficients bit by bit, and say in
 * four bytes each that there is nothing to refine in any of 62,500 blocks.
 */
export function heavyJpeg(): Uint8Array<ArrayBuffer> {
  const blocks = (SIDE / 8) ** 2;
  const nothing = endOfBlocks(blocks);
  const scans = [scan({ first: 0, last: 0, high: 0, low: 0 }, new Uint8Array(blocks / 8 + 1))];
  for (const [first, last] of [[1, 31], [32, 63]] as const) {
    scans.push(scan({ first, last, high: 0, low: 11 }, nothing));
    for (let low = 10; low >= 0; low--) {
      scans.push(scan({ first, last, high: low + 1, low }, nothing));
    }
  }
  return joined([...jpegHead(SIDE), ...scans.flat(), Uint8Array.of(0xff, 0xd9)]);
}

/** Runs of 16,384 to 32,767 blocks that end at once: a code of one bit, and 14 bits of the length. */
function endOfBlocks(blocks: number): Uint8Array {
  let bits = "";
  for (let left = blocks; left > 0;) {
    const run = Math.min(left, 32_767);
    bits += `0${(run - 16_384).toString(2).padStart(14, "0")}`;
    left -= run;
  }
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return Uint8Array.from(bytes, (byte) => parseInt(byte.padEnd(8, "1"), 2));
}

/** A PNG of 4 megapixels in one column, 16-bit RGB with alpha: some 60 kB that inflate to 36 MB. */
export function giantPng(): Uint8Array<ArrayBuffer> {
  const size = { width: 1, height: 4_000_000 };
  const rows = new Uint8Array(size.height * 9);
  for (let row = 0; row < size.height; row++) {
    rows[row * 9 + 1] = row >> 14;
    rows[row * 9 + 7] = 255;
  }
  return joined([
    SIGNATURE,
    header({ ...size, depth: 16, colourType: 6 }),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND"),
  ]);
}
