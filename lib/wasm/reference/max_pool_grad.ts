/**
 * Gradient of max pooling.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";
import { pixelOffset, type Sides, type WindowOptions, windowPixels } from "./window.ts";

/**
 * Adds each dy to where its window's maximum stands; of equal ones, to the first in row order. A
 * NaN is the maximum only where it comes first; padding never is.
 *
 * @param x `(batch, inH, inW, channels)`.
 * @param dy `(batch, outH, outW, channels)`.
 * @param options The windows, and their height and width.
 * @returns The shape of x.
 */
export function maxPoolGrad(
  x: Values,
  dy: Values,
  options: WindowOptions & { filterSize: Sides },
): Values {
  const channels = x.shape[3]!;
  /** For each dy, the index in x of the largest value so far. */
  const largest = new Map<number, number>();
  for (const at of windowPixels(x.shape, options.filterSize, options)) {
    const from = pixelOffset(x.shape, [at.image, at.inY, at.inX]);
    const to = pixelOffset(dy.shape, [at.image, at.outY, at.outX]);
    for (let c = 0; c < channels; c++) {
      const best = largest.get(to + c);
      if (best === undefined || x.data[from + c]! > x.data[best]!) largest.set(to + c, from + c);
    }
  }
  const dx = zeros(x.shape);
  for (const [from, to] of largest) dx.data[to]! += dy.data[from]!;
  return dx;
}
