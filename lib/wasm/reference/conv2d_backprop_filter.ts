/**
 * Gradient of a 2-D convolution to its filter.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";
import { pixelOffset, type Sides, type WindowOptions, windowPixels } from "./window.ts";

/**
 * dFilter[fy, fx, i, j] = Σ x[n, iy, ix, i] · dy[n, oy, ox, j].
 *
 * @param x `(batch, inH, inW, inC)`.
 * @param dy `(batch, outH, outW, outC)`.
 * @param options The windows, and the filter's height and width.
 * @returns `(filterH, filterW, inC, outC)`.
 */
export function conv2dBackpropFilter(
  x: Values,
  dy: Values,
  options: WindowOptions & { filterSize: Sides },
): Values {
  const { filterSize } = options;
  const inC = x.shape[3]!;
  const outC = dy.shape[3]!;
  const dFilter = zeros([...filterSize, inC, outC]);
  for (const at of windowPixels(x.shape, filterSize, options)) {
    const from = pixelOffset(x.shape, [at.image, at.inY, at.inX]);
    const dyFrom = pixelOffset(dy.shape, [at.image, at.outY, at.outX]);
    const to = (at.filterY * filterSize[1] + at.filterX) * inC * outC;
    for (let i = 0; i < inC; i++) {
      for (let j = 0; j < outC; j++) {
        dFilter.data[to + i * outC + j]! += x.data[from + i]! * dy.data[dyFrom + j]!;
      }
    }
  }
  return dFilter;
}
