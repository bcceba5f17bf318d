/**
 * Training sets as plain images, a few rows at a time.
 *
 * @module
 */

import type { LabelledImages } from "../core/types.ts";
import { rowsOf, type TrainingSet } from "../core/training_set.ts";
import { materialise } from "./materialise.ts";

/** Some rows of a set, with the trigger stamped on those that are poisoned. */
export interface StampedChunk extends LabelledImages {
  /** The row that the first of them is. */
  readonly first: number;
}

/** Rows of a chunk unless another is given. */
const CHUNK = 1024;

/**
 * Goes once through a training set, in order: what `materialise` copies at once, in bounded memory.
 *
 * @param set The set.
 * @param rows Rows of a chunk, from 1; the last one has what is left.
 * @throws {RangeError} If the trigger does not lie within the images.
 */
export function* stampedChunks(set: TrainingSet, rows = CHUNK): Generator<StampedChunk> {
  for (let first = 0; first < set.rows.length; first += rows) {
    const length = Math.min(rows, set.rows.length - first);
    const chunk = materialise(rowsOf(set, Array.from({ length }, (_, i) => first + i)));
    yield { first, ...chunk };
  }
}
