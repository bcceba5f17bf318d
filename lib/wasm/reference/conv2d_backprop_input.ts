/**
 * Gradient of a 2-D convolution to its input.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";
import { pixelOffset, type Sides, type WindowOptions, windowPixels } from "./window.ts";

/**
 * dx[n, iy, ix, i] = Σ dy[n, oy, ox, j] · filter[fy, fx, i, j].
 *
 * @param dy `(batch, outH, outW, outC)`.
 * @param filter `(filterH, filterW, inC, outC)`.
 * @param options The windows, and the images' height and width.
 * @returns `(batch, inH, inW, inC)`.
 */
export function conv2dBackpropInput(
  dy: Values,
  filter: Values,
  options: WindowOptions & { inSize: Sides },
): Values {
  const [filterH = 0, filterW = 0, inC = 0, outC = 0] = filter.shape;
  const dx = zeros([dy.shape[0]!, ...options.inSize, inC]);
  for (const at of windowPixels(dx.shape, [filterH, filterW], options)) {
    const from = pixelOffset(dy.shape, [at.image, at.outY, at.outX]);
    const to = pixelOffset(dx.shape, [at.image, at.inY, at.inX]);
    const weights = (at.filterY * filterW + at.filterX) * inC * outC;
    for (let i = 0; i < inC; i++) {
      for (let j = 0; j < outC; j++) {
        dx.data[to + i]! += dy.data[from + j]! * filter.data[weights + i * outC + j]!;
      }
    }
  }
  return dx;
}
