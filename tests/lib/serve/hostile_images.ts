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

/** What a progressive frame begins with, its tables included. */
function jpegHead(components: readonly number[]): Uint8Array<ArrayBuffer>[] {
  const size = [SIDE >> 8, SIDE & 255];
  // Codes of 1, 2 and 3 bits, as many as there are values.
  const table = (kind: number, values: readonly number[]) =>
    segment(
      0xc4,
      Uint8Array.of(
        kind,
        ...Array.from({ length: 16 }, (_, i) => i < values.length ? 1 : 0),
        ...values,
      ),
    );
  const frame = [8, ...size, ...size, components.length];
  return [
    Uint8Array.of(0xff, 0xd8),
    segment(0xdb, new Uint8Array(65).fill(1).with(0, 0)),
    segment(0xc2, Uint8Array.of(...frame, ...components.flatMap((id) => [id, 0x11, 0]))),
    table(0x00, [0]),
    table(0x10, [SIXTEEN_ZEROS, FOURTEEN_ZEROS_AND_ONE, END_OF_BLOCKS]),
  ];
}

// What Huffman codes stand for.
const SIXTEEN_ZEROS = 0xf0;
const FOURTEEN_ZEROS_AND_ONE = 0xe1;
const END_OF_BLOCKS = 0xe0;

interface ScanFields {
  readonly components: readonly number[];
  readonly first: number;
  readonly last: number;
  readonly high: number;
  readonly low: number;
}

function scan(
  { components, first, last, high, low }: ScanFields,
  data: Uint8Array,
): Uint8Array<ArrayBuffer>[] {
  const parts = components.flatMap((id) => [id, 0]);
  const head = Uint8Array.of(components.length, ...parts, first, last, high << 4 | low);
  return [segment(0xda, head), new Uint8Array(data)];
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts));
}

/** A JPEG of some hundred bytes whose 32 scans reach far beyond a block's 64 coefficients. */
export function scanBomb(): Uint8Array<ArrayBuffer> {
  const fields = { components: [1], first: 1, last: 255, high: 1, low: 0 };
  const scans = Array.from({ length: 32 }, () => scan(fields, new Uint8Array(6)));
  return joined([...jpegHead([1]), ...scans.flat(), Uint8Array.of(0xff, 0xd9)]);
}

/** Scans of a component in `heavyJpeg`, beside the first one of all together. */
const HEAVY_SCANS = 7;

/**
 * A lawful progressive JPEG in full colour that asks for nearly as much work as one may: the last
 * coefficient of each block comes first, and then bit by bit, so that each scan must look at all that
 * stand before it, in each of 187,500 blocks.
 */
export function heavyJpeg(): Uint8Array<ArrayBuffer> {
  const blocks = (SIDE / 8) ** 2;
  const components = [1, 2, 3];
  const parts = [
    ...jpegHead(components),
    ...scan({ components, first: 0, last: 0, high: 0, low: 0 }, pack("0".repeat(3 * blocks))),
  ];
  const last = pack(`${"0".repeat(3)}101`.repeat(blocks));
  const refined = pack(refineEach(blocks));
  for (const id of components) {
    const band = { components: [id], first: 1, last: 63 };
    for (let i = 0; i < HEAVY_SCANS; i++) {
      const low = 13 - i;
      parts.push(...scan({ ...band, high: i === 0 ? 0 : low + 1, low }, i === 0 ? last : refined));
    }
  }
  return joined([...parts, Uint8Array.of(0xff, 0xd9)]);
}

/** Runs of 16,384 to 32,767 blocks without new coefficients, and a bit for the one that each has. */
function refineEach(blocks: number): string {
  let bits = "";
  for (let left = blocks; left > 0;) {
    const run = Math.min(left, 32_767);
    // A run may be longer than what is left, but none is shorter than 16,384.
    bits += `110${Math.max(0, run - 16_384).toString(2).padStart(14, "0")}${"1".repeat(run)}`;
    left -= run;
  }
  return bits;
}

/** Bits as the bytes of a scan: filled up with ones, zeros stuffed. */
function pack(bits: string): Uint8Array {
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return Uint8Array.from(
    bytes.flatMap((text) => {
      const byte = parseInt(text.padEnd(8, "1"), 2);
      return byte === 0xff ? [byte, 0] : [byte];
    }),
  );
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
