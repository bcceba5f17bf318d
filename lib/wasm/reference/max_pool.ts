/**
 * Max pooling and its gradient.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";
import { pixelOffset, type Sides, type WindowOptions, windowPixels } from "./window.ts";

/** Windows, and their height and width. */
export type MaxPoolOptions = WindowOptions & { filterSize: Sides };

/** The largest values, and where they stand. */
export interface Maxima {
  /** `(batch, outH, outW, channels)`; −∞ where a window is all padding. */
  readonly y: Values;
  /** Of each y, its place in its window, in row order; 255 where there is none. */
  readonly codes: Uint8Array<ArrayBuffer>;
  /** Of each y, its index in x; −1 where there is none. */
  readonly indices: Int32Array;
}

/**
 * The largest value of each window; of equal ones, the first in row order. A NaN is the largest
 * only where it comes first; padding never is.
 *
 * @param x `(batch, inH, inW, channels)`.
 */
export function maxPool(x: Values, options: MaxPoolOptions): Maxima {
  const channels = x.shape[3]!;
  const y = zeros([x.shape[0]!, ...options.outSize, channels]);
  y.data.fill(-Infinity);
  const codes = new Uint8Array(y.data.length).fill(255);
  const indices = new Int32Array(y.data.length).fill(-1);
  for (const at of windowPixels(x.shape, options.filterSize, options)) {
    const from = pixelOffset(x.shape, [at.image, at.inY, at.inX]);
    const to = pixelOffset(y.shape, [at.image, at.outY, at.outX]);
    for (let c = 0; c < channels; c++) {
      if (indices[to + c]! >= 0 && !(x.data[from + c]! > y.data[to + c]!)) continue;
      y.data[to + c] = x.data[from + c]!;
      codes[to + c] = at.filterY * options.filterSize[1] + at.filterX;
      indices[to + c] = from + c;
    }
  }
  return { y, codes, indices };
}

/**
 * Adds each dy to where its window's maximum stands.
 *
 * @param x `(batch, inH, inW, channels)`.
 * @param dy `(batch, outH, outW, channels)`.
 * @returns The shape of x.
 */
export function maxPoolGrad(x: Values, dy: Values, options: MaxPoolOptions): Values {
  const dx = zeros(x.shape);
  for (const [from, to] of maxPool(x, options).indices.entries()) {
    if (to >= 0) dx.data[to]! += dy.data[from]!;
  }
  return dx;
}
