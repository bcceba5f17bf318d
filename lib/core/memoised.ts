/**
 * What is made once and kept.
 *
 * @module
 */

/**
 * What a map has under a key, made and put there if it is wanted for the first time.
 *
 * @param make Not called if the key is there, even with `undefined`.
 *
 * @example
 * ```ts
 * import { memoised } from "./memoised.ts";
 * import assert from "node:assert/strict";
 *
 * const lengths = new Map<string, number>();
 * assert.equal(memoised(lengths, "seven", () => 5), 5);
 * assert.equal(memoised(lengths, "seven", () => 0), 5);
 * ```
 */
export function memoised<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  if (!map.has(key)) map.set(key, make());
  return map.get(key)!;
}
