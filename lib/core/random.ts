/**
 * Seeded random numbers: one stream a purpose, so that a change in one use moves no other.
 *
 * @module
 */

import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { uniformInt } from "pure-rand/distribution/uniformInt";

/** A stream of pseudo-random numbers, the same for the same seed and purpose. */
export interface Random {
  /** Uniform in [0, 1), 32 bits of resolution. */
  uniform(): number;
  /** Uniform among the integers 0 … `below` − 1. */
  integer(below: number): number;
  /** Shuffles in place (Fisher–Yates) and returns its argument. */
  shuffle<T extends Uint32Array | unknown[]>(items: T): T;
}

/**
 * Opens the stream of one purpose under one seed.
 *
 * @param seed An integer from 0 to 2³² − 1, the user's.
 * @param purpose What the numbers are for, for example `"shuffle"`; streams of different purposes
 * are independent.
 * @throws {RangeError} If the seed is out of range.
 *
 * @example
 * ```ts
 * import { createRandom } from "./random.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(createRandom(1, "a").uniform(), createRandom(1, "a").uniform());
 * assert.notEqual(createRandom(1, "a").uniform(), createRandom(1, "b").uniform());
 * ```
 */
export function createRandom(seed: number, purpose: string): Random {
  const generator = xoroshiro128plus(streamSeed(seed, purpose));
  const integer = (below: number) => uniformInt(generator, 0, below - 1);
  return {
    uniform: () => (generator.next() >>> 0) / 2 ** 32,
    integer,
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = integer(i + 1);
        const swapped = items[i]!;
        items[i] = items[j]!;
        items[j] = swapped;
      }
      return items;
    },
  };
}

/** A number of the standard normal distribution (Box & Muller). */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.uniform()));
  return radius * Math.cos(2 * Math.PI * random.uniform());
}

/**
 * A 32-bit seed for one purpose under the user's seed (FNV-1a over the purpose, then a
 * multiply-xorshift finaliser), for generators that this module does not own.
 *
 * @throws {RangeError} If the seed is no integer from 0 to 2³² − 1.
 */
export function streamSeed(seed: number, purpose: string): number {
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new RangeError(
      `Cannot seed random numbers: seed must be an integer from 0 to 4294967295, got ${seed}`,
    );
  }
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < purpose.length; i++) {
    hash = Math.imul(hash ^ purpose.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
