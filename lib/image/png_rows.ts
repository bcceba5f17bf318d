/**
 * The rows of a PNG: inflated and unfiltered, in one piece of memory.
 *
 * @module
 */

import { inflateSync } from "node:zlib";
import { brokenImage } from "./errors.ts";
import type { PngColour, PngHeader } from "./png_file.ts";

/** A grid of pixels that the file stores row by row: the whole image, or a pass of Adam7. */
export interface Pass {
  readonly left: number;
  readonly top: number;
  readonly columnStep: number;
  readonly rowStep: number;
}

/** A pass that holds any pixel, with its size in the file. */
export interface StoredPass {
  readonly pass: Pass;
  readonly rows: number;
  readonly columns: number;
  /** Of a row, without the byte that names its filter. */
  readonly rowBytes: number;
}

const WHOLE: readonly Pass[] = [{ left: 0, top: 0, columnStep: 1, rowStep: 1 }];

const ADAM7: readonly Pass[] = [
  { left: 0, top: 0, columnStep: 8, rowStep: 8 },
  { left: 4, top: 0, columnStep: 8, rowStep: 8 },
  { left: 0, top: 4, columnStep: 4, rowStep: 8 },
  { left: 2, top: 0, columnStep: 4, rowStep: 4 },
  { left: 0, top: 2, columnStep: 2, rowStep: 4 },
  { left: 1, top: 0, columnStep: 2, rowStep: 2 },
  { left: 0, top: 1, columnStep: 1, rowStep: 2 },
];

/** Samples of a pixel, as they are stored. */
export const SAMPLES: Readonly<Record<PngColour, 1 | 2 | 3 | 4>> = {
  "grey": 1,
  "palette": 1,
  "grey-alpha": 2,
  "rgb": 3,
  "rgb-alpha": 4,
};

/** Deflate makes at most as many bytes of one. */
const MOST_INFLATION = 1032;

/** The least that zlib takes for the size of its pieces. */
const LEAST_PIECE = 64;

/** The passes of an image that hold any pixel, in the file's order. */
export function passesOf(
  { width, height, depth, colour, interlaced }: PngHeader,
): readonly StoredPass[] {
  return (interlaced ? ADAM7 : WHOLE).map((pass) => {
    const rows = Math.ceil((height - pass.top) / pass.rowStep);
    const columns = Math.ceil((width - pass.left) / pass.columnStep);
    return { pass, rows, columns, rowBytes: Math.ceil(columns * SAMPLES[colour] * depth / 8) };
  }).filter(({ rows, columns }) => rows > 0 && columns > 0);
}

/**
 * Reads the rows of all passes.
 *
 * @param header The image's.
 * @param compressed Its zlib stream.
 * @returns The rows one behind the other, as stored but unfiltered. Its memory is its own, and begins
 * with it.
 * @throws {ImageDecodeError} If the stream is broken or of another size, or a filter is none.
 */
export function readRows(header: PngHeader, compressed: Uint8Array): Uint8Array<ArrayBuffer> {
  const passes = passesOf(header);
  const size = passes.reduce((sum, { rows, rowBytes }) => sum + rows * (1 + rowBytes), 0);
  const bytes = inflate(compressed, size);
  // Filters look back by whole bytes, at least one, however small a pixel is.
  const pixelBytes = Math.max(1, SAMPLES[header.colour] * header.depth / 8);
  let from = 0;
  let to = 0;
  for (const { rows, rowBytes } of passes) {
    for (let row = 0; row < rows; row++) {
      const filter = bytes[from]!;
      if (filter > 4) throw brokenImage("PNG", `row filters must be from 0 to 4, got ${filter}`);
      const unfilter = row === 0 ? UNFILTER_FIRST[filter]! : UNFILTER[filter]!;
      unfilter(bytes, from + 1, to, rowBytes, pixelBytes);
      from += 1 + rowBytes;
      to += rowBytes;
    }
  }
  return bytes.subarray(0, to);
}

/**
 * Inflates to exactly the size that the header implies: the memory is bounded before it is used. It is
 * one piece, which zlib fills; for room that is left tells zlib that it needs no other.
 */
function inflate(compressed: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const expected = `image data must be a zlib stream of ${size} bytes`;
  if (compressed.length * MOST_INFLATION < size) {
    throw brokenImage("PNG", `${expected}, got ${compressed.length}, which cannot hold as many`);
  }
  let inflated: Uint8Array;
  try {
    const chunkSize = Math.max(LEAST_PIECE, size + 1);
    inflated = inflateSync(compressed, { maxOutputLength: size, chunkSize });
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : cause;
    throw brokenImage("PNG", `${expected}, got "${got}"`, { cause });
  }
  if (inflated.length !== size) {
    throw brokenImage("PNG", `image data must inflate to ${size} bytes, got ${inflated.length}`);
  }
  const { buffer, byteOffset, byteLength } = inflated;
  // A small one may lie in memory that Node's buffers share.
  const isOwn = buffer instanceof ArrayBuffer && byteOffset === 0 &&
    buffer.byteLength <= size + LEAST_PIECE;
  return isOwn ? new Uint8Array(buffer, 0, byteLength) : new Uint8Array(inflated);
}

/**
 * Undoes the filter of one row (PNG, section 9), and moves the row to `to`, which lies before `from`;
 * the row above, unfiltered, ends there.
 */
type Unfilter = (
  bytes: Uint8Array,
  from: number,
  to: number,
  length: number,
  pixelBytes: number,
) => void;

const none: Unfilter = (bytes, from, to, length) => {
  for (let i = 0; i < length; i++) bytes[to + i] = bytes[from + i]!;
};

const sub: Unfilter = (bytes, from, to, length, pixelBytes) => {
  const first = Math.min(length, pixelBytes);
  for (let i = 0; i < first; i++) bytes[to + i] = bytes[from + i]!;
  for (let i = first; i < length; i++) {
    bytes[to + i] = bytes[from + i]! + bytes[to + i - pixelBytes]!;
  }
};

const up: Unfilter = (bytes, from, to, length) => {
  const above = to - length;
  for (let i = 0; i < length; i++) bytes[to + i] = bytes[from + i]! + bytes[above + i]!;
};

const average: Unfilter = (bytes, from, to, length, pixelBytes) => {
  const above = to - length;
  const first = Math.min(length, pixelBytes);
  for (let i = 0; i < first; i++) bytes[to + i] = bytes[from + i]! + (bytes[above + i]! >> 1);
  for (let i = first; i < length; i++) {
    bytes[to + i] = bytes[from + i]! + (bytes[to + i - pixelBytes]! + bytes[above + i]! >> 1);
  }
};

const averageOfLeft: Unfilter = (bytes, from, to, length, pixelBytes) => {
  const first = Math.min(length, pixelBytes);
  for (let i = 0; i < first; i++) bytes[to + i] = bytes[from + i]!;
  for (let i = first; i < length; i++) {
    bytes[to + i] = bytes[from + i]! + (bytes[to + i - pixelBytes]! >> 1);
  }
};

/** Whichever neighbour is nearest to left + up − upLeft; at a tie, the first of the three. */
const paeth: Unfilter = (bytes, from, to, length, pixelBytes) => {
  const above = to - length;
  const first = Math.min(length, pixelBytes);
  for (let i = 0; i < first; i++) bytes[to + i] = bytes[from + i]! + bytes[above + i]!;
  for (let i = first; i < length; i++) {
    const left = bytes[to + i - pixelBytes]!;
    const up = bytes[above + i]!;
    const upLeft = bytes[above + i - pixelBytes]!;
    const byLeft = Math.abs(up - upLeft);
    const byUp = Math.abs(left - upLeft);
    const byUpLeft = Math.abs(left + up - 2 * upLeft);
    const nearest = byLeft <= byUp && byLeft <= byUpLeft ? left : byUp <= byUpLeft ? up : upLeft;
    bytes[to + i] = bytes[from + i]! + nearest;
  }
};

/** By the filter's number. */
const UNFILTER: readonly Unfilter[] = [none, sub, up, average, paeth];

/** The same for a row above which there is none, which counts as zeros. */
const UNFILTER_FIRST: readonly Unfilter[] = [none, sub, none, averageOfLeft, sub];
