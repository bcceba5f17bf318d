/**
 * Some rows of a training set.
 *
 * @module
 */

import type { PoisonedSet } from "../../lib/poison/mod.ts";

/** A set of some rows of a set, in the order in which they are given. */
export function partOf(set: PoisonedSet, rows: readonly number[]): PoisonedSet {
  return {
    ...set,
    rows: Uint32Array.from(rows, (row) => set.rows[row]!),
    labels: Uint8Array.from(rows, (row) => set.labels[row]!),
    poisoned: Uint8Array.from(rows, (row) => set.poisoned[row]!),
  };
}
