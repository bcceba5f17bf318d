/**
 * Dropout by a hash of position and seed.
 *
 * @module
 */

import type { Values } from "./values.ts";

/**
 * y[i] = x[i] / (1 − rate) where hash(hash(i) ⊕ seed) ≥ rate · 2³², else 0.
 *
 * @param x Any shape.
 * @param options `rate` from 0 to below 1; `seed` from 0 to 2³² − 1.
 */
export function dropout(x: Values, { rate, seed }: { rate: number; seed: number }): Values {
  const threshold = Math.floor(rate * 2 ** 32);
  const data = x.data.map((value, i) =>
    hash((hash(i) ^ seed) >>> 0) >= threshold ? value / (1 - rate) : 0
  );
  return { data, shape: x.shape };
}

/** A bijection of 32 bits: two rounds of xorshift and multiply, and a last xorshift. */
function hash(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}
