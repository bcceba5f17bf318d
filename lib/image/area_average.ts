/**
 * Resampling by area averaging: an exact box filter, a row at a time.
 *
 * @module
 */

import type { Raster } from "./raster.ts";

/**
 * Which elements each new one is made of, and by how much. In units of 1 / newLength of an element, so
 * that all bounds are integers and weights exact.
 */
interface Cover {
  /** By new element, the first one that it covers, and the last. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  /** By new element, how much of the first is in it, and of the last; 0 if that is the first. */
  readonly head: Int32Array;
  readonly tail: Int32Array;
  /** How much of each one between is in it. */
  readonly whole: number;
}

/** Divides an axis. The weights of each new element add up to `length`. */
function coverAxis(length: number, newLength: number): Cover {
  const first = new Int32Array(newLength);
  const last = new Int32Array(newLength);
  const head = new Int32Array(newLength);
  const tail = new Int32Array(newLength);
  for (let to = 0; to < newLength; to++) {
    const start = to * length;
    const end = start + length;
    first[to] = Math.floor(start / newLength);
    last[to] = Math.ceil(end / newLength) - 1;
    head[to] = Math.min(end, (first[to]! + 1) * newLength) - start;
    tail[to] = last[to] === first[to] ? 0 : end - last[to]! * newLength;
  }
  return { first, last, head, tail, whole: newLength };
}

/**
 * Averages a raster over the areas of a new size's pixels. Each new pixel is the mean of the area that
 * it covers, pixels at its edges counting by the share of them that lies within; so the mean of the
 * whole is kept, an equal size changes nothing, and a larger one repeats pixels. No more memory is
 * needed than for two rows and for the result.
 *
 * @param raster The image.
 * @param size Of the result, each side from 1.
 * @returns `(height, width, C)`, with the raster's channels: sums whose weights add up to the raster's
 * number of pixels. So they are whole numbers. If there is alpha, colours are multiplied by it first.
 *
 * @example
 * ```ts
 * import { sumAreas } from "./area_average.ts";
 * import assert from "node:assert/strict";
 *
 * const data = Uint8Array.of(0, 3, 6);
 * const row = { width: 3, height: 1, channels: 1, data, maximum: 255 } as const;
 * assert.deepEqual([...sumAreas(row, { width: 2, height: 1 })], [3 * 1, 3 * 5]);
 * ```
 */
export function sumAreas(
  { width, height, channels, data }: Pick<Raster, "width" | "height" | "channels" | "data">,
  size: { readonly width: number; readonly height: number },
): Float64Array {
  const columns = coverAxis(width, size.width);
  const rows = coverAxis(height, size.height);
  const row = new Float64Array(size.width * channels);
  const result = new Float64Array(size.height * row.length);
  const sumRow = SUM_ROW[channels];
  const rowSamples = width * channels;
  const words = wordsOf({ channels, data }, rowSamples);
  const added = new Uint16Array(words ? rowSamples : 0);
  let summed = -1;
  for (let to = 0; to < size.height; to++) {
    const target = to * row.length;
    const [first, last] = [rows.first[to]!, rows.last[to]!];
    for (let from = first; from <= last;) {
      const weight = from === first ? rows.head[to]! : from === last ? rows.tail[to]! : rows.whole;
      // Rows of one weight can be added up first.
      if (words && from > first && from < last) {
        const count = Math.min(MOST_ADDED, last - from);
        addRows(words, from, count, added);
        sumRow(added, 0, columns, row);
        from += count;
      } else {
        if (from !== summed) sumRow(data, from * rowSamples, columns, row);
        summed = from++;
      }
      for (let i = 0; i < row.length; i++) result[target + i]! += weight * row[i]!;
    }
  }
  return result;
}

/** So many bytes add up to less than 2 to the 15. */
const MOST_ADDED = 128;

/** Samples as words of four, if `addRows` can have them: bytes, without alpha, in whole words a row. */
function wordsOf(
  { channels, data }: Pick<Raster, "channels" | "data">,
  rowSamples: number,
): Int32Array | undefined {
  const hasAlpha = channels === 2 || channels === 4;
  if (hasAlpha || !(data instanceof Uint8Array) || (rowSamples | data.byteOffset) & 3) return;
  return new Int32Array(data.buffer, data.byteOffset, data.length >> 2);
}

/**
 * Adds up rows, sample by sample: the even and the odd of a word's four bytes as two numbers of 16
 * bits each. The first byte is a word's lowest, as on all machines that Deno runs on.
 *
 * @param first The first row.
 * @param count How many, up to `MOST_ADDED`.
 * @param sums One for each sample of a row.
 */
function addRows(words: Int32Array, first: number, count: number, sums: Uint16Array): void {
  const rowWords = sums.length >> 2;
  for (let column = 0; column < rowWords; column++) {
    let [even, odd] = [0, 0];
    let at = first * rowWords + column;
    for (let row = 0; row < count; row++, at += rowWords) {
      const word = words[at]!;
      even = even + (word & 0xff00ff) | 0;
      odd = odd + (word >>> 8 & 0xff00ff) | 0;
    }
    sums[4 * column] = even;
    sums[4 * column + 1] = odd;
    sums[4 * column + 2] = even >>> 16;
    sums[4 * column + 3] = odd >>> 16;
  }
}

type RowSum = (
  data: Uint8Array | Uint16Array,
  at: number,
  columns: Cover,
  sums: Float64Array,
) => void;

/** Sums of one row, by the number of channels. */
const SUM_ROW: Readonly<Record<Raster["channels"], RowSum>> = {
  1: sumGrey,
  2: sumGreyAlpha,
  3: sumColour,
  4: sumColourAlpha,
};

function sumGrey(...[data, at, { first, last, head, tail, whole }, sums]: Parameters<RowSum>) {
  for (let to = 0; to < first.length; to++) {
    const start = at + first[to]!;
    const end = at + last[to]!;
    let between = 0;
    for (let i = start + 1; i < end; i++) between += data[i]!;
    sums[to] = head[to]! * data[start]! + whole * between + tail[to]! * data[end]!;
  }
}

function sumColour(...[data, at, { first, last, head, tail, whole }, sums]: Parameters<RowSum>) {
  for (let to = 0; to < first.length; to++) {
    const start = at + 3 * first[to]!;
    const end = at + 3 * last[to]!;
    let [red, green, blue] = [0, 0, 0];
    for (let i = start + 3; i < end; i += 3) {
      red += data[i]!;
      green += data[i + 1]!;
      blue += data[i + 2]!;
    }
    const [before, after] = [head[to]!, tail[to]!];
    sums[3 * to] = before * data[start]! + whole * red + after * data[end]!;
    sums[3 * to + 1] = before * data[start + 1]! + whole * green + after * data[end + 1]!;
    sums[3 * to + 2] = before * data[start + 2]! + whole * blue + after * data[end + 2]!;
  }
}

function sumGreyAlpha(...[data, at, { first, last, head, tail, whole }, sums]: Parameters<RowSum>) {
  for (let to = 0; to < first.length; to++) {
    const start = at + 2 * first[to]!;
    const end = at + 2 * last[to]!;
    let [grey, alpha] = [0, 0];
    for (let i = start; i <= end; i += 2) {
      const weight = i === start ? head[to]! : i === end ? tail[to]! : whole;
      const opacity = weight * data[i + 1]!;
      grey += opacity * data[i]!;
      alpha += opacity;
    }
    sums[2 * to] = grey;
    sums[2 * to + 1] = alpha;
  }
}

function sumColourAlpha(
  ...[data, at, { first, last, head, tail, whole }, sums]: Parameters<RowSum>
) {
  for (let to = 0; to < first.length; to++) {
    const start = at + 4 * first[to]!;
    const end = at + 4 * last[to]!;
    let [red, green, blue, alpha] = [0, 0, 0, 0];
    for (let i = start; i <= end; i += 4) {
      const weight = i === start ? head[to]! : i === end ? tail[to]! : whole;
      const opacity = weight * data[i + 3]!;
      red += opacity * data[i]!;
      green += opacity * data[i + 1]!;
      blue += opacity * data[i + 2]!;
      alpha += opacity;
    }
    sums[4 * to] = red;
    sums[4 * to + 1] = green;
    sums[4 * to + 2] = blue;
    sums[4 * to + 3] = alpha;
  }
}
