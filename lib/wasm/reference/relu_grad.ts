/**
 * Gradient of ReLU.
 *
 * @module
 */

import type { Values } from "./values.ts";

/**
 * dx = dy where x > 0, else 0: also where x is NaN, and whatever dy is.
 *
 * @param x Any shape.
 * @param dy The shape of x.
 */
export function reluGrad(x: Values, dy: Values): Values {
  return { data: x.data.map((value, i) => value > 0 ? dy.data[i]! : 0), shape: x.shape };
}
