/**
 * How many poisoned examples make up a given share.
 *
 * @module
 */

/**
 * Number of poisoned examples to add to a set so that they are a share `rate` of the result:
 * `rate · n / (1 − rate)`, rounded half to even, as Python's `round` does in ART's notebook.
 *
 * @param rate The share, from 0 to below 1.
 * @param n Number of clean examples.
 * @throws {RangeError} If the rate is out of range.
 *
 * @example
 * ```ts
 * import { poisonedCount } from "./poisoned_count.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(poisonedCount(0.1, 60_000), 6_667);
 * ```
 */
export function poisonedCount(rate: number, n: number): number {
  if (!(rate >= 0 && rate < 1)) {
    throw new RangeError(
      `Cannot poison a training set: rate must be from 0 to below 1, got ${rate}`,
    );
  }
  return roundHalfToEven(rate * n / (1 - rate));
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const fraction = value - floor;
  if (fraction === 0.5) return floor % 2 === 0 ? floor : floor + 1;
  return fraction < 0.5 ? floor : floor + 1;
}
