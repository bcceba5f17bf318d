/**
 * Rows, read and put in order.
 *
 * @module
 */

import type { ImageBatch, LabelledImages } from "../../core/types.ts";
import type { Rows } from "./row_defence.ts";

/** Rows at a time. */
const CHUNK = 1000;

/** Images that are there as a whole, as rows. */
export function rowsOfImages({ images: { data, shape }, labels }: LabelledImages): Rows {
  const [, height, width, channels] = shape;
  const size = height * width * channels;
  return {
    ...{ shape, labels },
    read: (first, end) => ({
      data: data.subarray(first * size, end * size),
      shape: [end - first, height, width, channels],
    }),
  };
}

/** Goes through rows, some at a time. */
export function* chunksOf(rows: Rows): Generator<{ first: number; images: ImageBatch }> {
  const [count] = rows.shape;
  for (let first = 0; first < count; first += CHUNK) {
    yield { first, images: rows.read(first, Math.min(count, first + CHUNK)) };
  }
}

/**
 * The rows of each class.
 *
 * @param labels `(M)`.
 * @returns For each class its rows, ascending.
 * @throws {RangeError} If a label is no class.
 */
export function rowsOfClasses(labels: Uint8Array, classes: number): readonly Uint32Array[] {
  const stranger = labels.findIndex((label) => label >= classes);
  if (stranger >= 0) {
    throw new RangeError(
      `Cannot look at a training set: labels must be below ${classes}, got ${
        labels[stranger]
      } in ` +
        `row ${stranger}; take a model of as many classes`,
    );
  }
  const rows = Array.from({ length: classes }, (): number[] => []);
  labels.forEach((label, row) => rows[label]!.push(row));
  return rows.map((of) => Uint32Array.from(of));
}

/**
 * Some rows of a matrix.
 *
 * @param matrix `(M, width)`, row-major.
 * @returns `(rows, width)`, row-major.
 */
export function selectRows(matrix: Float32Array, rows: Uint32Array, width: number): Float32Array {
  const selected = new Float32Array(rows.length * width);
  rows.forEach((row, i) =>
    selected.set(matrix.subarray(row * width, (row + 1) * width), i * width)
  );
  return selected;
}
