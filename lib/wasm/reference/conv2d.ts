/**
 * 2-D convolution, as its definition reads.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";
import { pixelOffset, type WindowOptions, windowPixels } from "./window.ts";

/** Windows, and a bias of one value a filter. */
export interface Conv2DOptions extends WindowOptions {
  readonly bias?: Values;
}

/**
 * y[n, oy, ox, j] = bias[j] + Σ x[n, iy, ix, i] · filter[fy, fx, i, j].
 *
 * @param x `(batch, inH, inW, inC)`.
 * @param filter `(filterH, filterW, inC, outC)`.
 * @returns `(batch, outH, outW, outC)`.
 */
export function conv2d(x: Values, filter: Values, options: Conv2DOptions): Values {
  const [filterH = 0, filterW = 0, inC = 0, outC = 0] = filter.shape;
  const y = zeros([x.shape[0]!, ...options.outSize, outC]);
  if (options.bias !== undefined) {
    for (let i = 0; i < y.data.length; i++) y.data[i] = options.bias.data[i % outC]!;
  }
  for (const at of windowPixels(x.shape, [filterH, filterW], options)) {
    const from = pixelOffset(x.shape, [at.image, at.inY, at.inX]);
    const to = pixelOffset(y.shape, [at.image, at.outY, at.outX]);
    const weights = (at.filterY * filterW + at.filterX) * inC * outC;
    for (let i = 0; i < inC; i++) {
      for (let j = 0; j < outC; j++) {
        y.data[to + j]! += x.data[from + i]! * filter.data[weights + i * outC + j]!;
      }
    }
  }
  return y;
}
