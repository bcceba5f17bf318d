import type { Values } from "../../../lib/wasm/reference/values.ts";

/**
 * The gradient of a number to x by central differences.
 *
 * @param f Takes values of the shape of x.
 * @param step How far each value moves to either side.
 */
export function numericGradient(f: (x: Values) => number, x: Values, step = 1 / 1024): Values {
  const moved = (index: number, by: number) => ({
    data: x.data.map((value, i) => i === index ? value + by : value),
    shape: x.shape,
  });
  return {
    data: x.data.map((_, i) => (f(moved(i, step)) - f(moved(i, -step))) / (2 * step)),
    shape: x.shape,
  };
}

/** Σ x · weights: makes one number of a result, so that its gradient to the result is `weights`. */
export function dot(x: Values, weights: Values): number {
  return x.data.reduce((sum, value, i) => sum + value * weights.data[i]!, 0);
}
