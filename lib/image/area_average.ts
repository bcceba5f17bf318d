/**
 * Resampling by area averaging: an exact box filter, a row at a time.
 *
 * @module
 */

import { withImageMemory } from "./image_memory.ts";
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
  const samples = width * channels;
  const result = new Float64Array(size.height * size.width * channels);
  const sumRow = SUM_ROW[channels];
  const hasAlpha = channels === 2 || channels === 4;
  if (data instanceof Uint8Array && !hasAlpha && data.length >= LEAST_ADDED) {
    const length = size.width * channels;
    addAreas(data, samples, rows, (sums, to) => {
      sumRow(sums, 0, columns, result.subarray(to * length, (to + 1) * length));
    });
  } else {
    sumEachRow(rows, (from, row) => sumRow(data, from * samples, columns, row), result);
  }
  return result;
}

/**
 * Sums each row along itself, and adds it to the rows of the result that it is in.
 *
 * @param sum Writes the sums of a row.
 */
function sumEachRow(
  rows: Cover,
  sum: (from: number, row: Float64Array) => void,
  result: Float64Array,
): void {
  const row = new Float64Array(result.length / rows.first.length);
  let summed = -1;
  for (let to = 0; to < rows.first.length; to++) {
    const target = to * row.length;
    for (let from = rows.first[to]!; from <= rows.last[to]!; from++) {
      const weight = weightOf(rows, to, from);
      if (from !== summed) sum(from, row);
      summed = from;
      for (let i = 0; i < row.length; i++) result[target + i]! += weight * row[i]!;
    }
  }
}

/** How much of an element is in a new one. */
function weightOf({ first, last, head, tail, whole }: Cover, to: number, from: number): number {
  return from === first[to] ? head[to]! : from === last[to] ? tail[to]! : whole;
}

/** Samples from which on it is worth while to add rows up by vectors. */
const LEAST_ADDED = 16_384;

/** Samples of rows that are added up at once, or one row. */
const MOST_ADDED = 65_536;

/** Rows that `addRows` takes at once. */
const MOST_ROWS = 259;

/** Samples behind rows and sums that `addRows` may read or write. */
const BEHIND = 16;

/**
 * Adds rows up, sample by sample, for each new row.
 *
 * @param samples In a row.
 * @param use Given the sums of a new row; they change afterwards.
 */
function addAreas(
  data: Uint8Array,
  samples: number,
  rows: Cover,
  use: (sums: Int32Array, to: number) => void,
): void {
  const most = Math.min(MOST_ROWS, Math.max(1, Math.floor(MOST_ADDED / samples)));
  withImageMemory((memory) => {
    const pointer = memory.take(most * samples + BEHIND);
    const sumsPointer = memory.take(4 * (samples + BEHIND));
    const bytes = memory.bytes(pointer, most * samples);
    const sums = memory.words(sumsPointer, samples);
    for (let to = 0; to < rows.first.length; to++) {
      const end = rows.last[to]! + 1;
      sums.fill(0);
      for (let from = rows.first[to]!, count = 0; from < end; from += count) {
        count = Math.min(most, end - from);
        bytes.set(data.subarray(from * samples, (from + count) * samples));
        const [before, after] = [from, from + count - 1].map((row) => weightOf(rows, to, row));
        memory.module.addRows(pointer, samples, count, before!, rows.whole, after!, sumsPointer);
      }
      use(sums, to);
    }
  });
}

type RowSum = (
  data: Raster["data"] | Int32Array,
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
