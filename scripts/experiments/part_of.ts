/**
 * Some rows of a training set.
 *
 * @module
 */

import type { TrainingSet } from "../../lib/train/mod.ts";

/** A set of some rows of a set, in the order in which they are given. */
export function partOf(set: TrainingSet, rows: readonly number[]): TrainingSet {
  return {
    ...set,
    rows: Uint32Array.from(rows, (row) => set.rows[row]!),
    labels: Uint8Array.from(rows, (row) => set.labels[row]!),
    poisoned: Uint8Array.from(rows, (row) => set.poisoned[row]!),
  };
}
