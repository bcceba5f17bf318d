/**
 * Components of fewer samples than the image has pixels, a row at a time.
 *
 * As in libjpeg-turbo by default ("fancy upsampling", `jdsample.c`), rounding included: where there is
 * half as much, a pixel is three quarters of the nearest sample and one quarter of the next; where there
 * is less, it is the nearest sample.
 *
 * @module
 */

import type { Plane } from "./jpeg_plane.ts";

/** Writes a row of the image into `row`; a little may be written behind the image's width. */
export type RowReader = (y: number, row: Uint8Array) => void;

/**
 * Prepares the reading of a plane at the image's resolution.
 *
 * @returns The reader; its rows must have room for `rowLength` samples.
 */
export function createRowReader(plane: Plane): RowReader {
  const { samples, stride, component } = plane;
  const { width, height, columnFactor, rowFactor } = component;
  // Of two columns, neither would have neighbours on both sides; libjpeg repeats them.
  const isSmooth = columnFactor === 2 && width > 2;
  if (columnFactor === 1 && rowFactor === 1) {
    return (y, row) => row.set(samples.subarray(y * stride, y * stride + width));
  }
  if (rowFactor === 1 && isSmooth) {
    return (y, row) => widen(samples, y * stride, width, row);
  }
  if (rowFactor === 2 && (columnFactor === 1 || isSmooth)) {
    const blend = columnFactor === 1 ? blendRows : blendAndWiden;
    return (y, row) => {
      const nearest = y >> 1;
      const next = (y & 1) === 0 ? Math.max(0, nearest - 1) : Math.min(height - 1, nearest + 1);
      blend(samples, nearest * stride, next * stride, { width, isUpper: (y & 1) === 0 }, row);
    };
  }
  return (y, row) => repeat(samples, Math.floor(y / rowFactor) * stride, component, row);
}

/** The room that a row of a component needs. */
export function rowLength({ component: { width, columnFactor } }: Plane): number {
  return width * columnFactor;
}

/** Half as many columns. */
function widen(from: Uint8Array, at: number, width: number, row: Uint8Array): void {
  const last = width - 1;
  row[0] = from[at]!;
  row[1] = from[at]! * 3 + from[at + 1]! + 2 >> 2;
  for (let x = 1; x < last; x++) {
    const nearest = from[at + x]! * 3;
    row[2 * x] = nearest + from[at + x - 1]! + 1 >> 2;
    row[2 * x + 1] = nearest + from[at + x + 1]! + 2 >> 2;
  }
  row[2 * last] = from[at + last]! * 3 + from[at + last - 1]! + 1 >> 2;
  row[2 * last + 1] = from[at + last]!;
}

interface Blend {
  readonly width: number;
  /** Whether the row is the upper one of the two that a row of samples stands for. */
  readonly isUpper: boolean;
}

/** Half as many rows. */
function blendRows(
  from: Uint8Array,
  nearest: number,
  next: number,
  { width, isUpper }: Blend,
  row: Uint8Array,
): void {
  const bias = isUpper ? 1 : 2;
  for (let x = 0; x < width; x++) row[x] = from[nearest + x]! * 3 + from[next + x]! + bias >> 2;
}

/** Half as many of both. */
function blendAndWiden(
  from: Uint8Array,
  nearest: number,
  next: number,
  { width }: Blend,
  row: Uint8Array,
): void {
  const last = width - 1;
  let left = from[nearest]! * 3 + from[next]!;
  let here = left;
  let right = from[nearest + 1]! * 3 + from[next + 1]!;
  row[0] = here * 4 + 8 >> 4;
  row[1] = here * 3 + right + 7 >> 4;
  for (let x = 1; x < last; x++) {
    left = here;
    here = right;
    right = from[nearest + x + 1]! * 3 + from[next + x + 1]!;
    row[2 * x] = here * 3 + left + 8 >> 4;
    row[2 * x + 1] = here * 3 + right + 7 >> 4;
  }
  row[2 * last] = right * 3 + here + 8 >> 4;
  row[2 * last + 1] = right * 4 + 7 >> 4;
}

function repeat(
  from: Uint8Array,
  at: number,
  { width, columnFactor }: Plane["component"],
  row: Uint8Array,
): void {
  for (let x = 0, to = 0; x < width; x++) {
    const sample = from[at + x]!;
    for (let i = 0; i < columnFactor; i++) row[to++] = sample;
  }
}
