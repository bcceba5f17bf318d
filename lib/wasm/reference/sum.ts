/**
 * Sum over leading axes.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";

/**
 * Sums over the first axes.
 *
 * @param x Any shape.
 * @param axes How many axes to sum over.
 * @returns The shape of x without them.
 */
export function sum(x: Values, axes: number): Values {
  const out = zeros(x.shape.slice(axes));
  for (let i = 0; i < x.data.length; i++) out.data[i % out.data.length]! += x.data[i]!;
  return out;
}
