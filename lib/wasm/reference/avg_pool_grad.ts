/**
 * Gradient of average pooling. The backend's own kernel is right: this is what it is tested by.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";
import { pixelOffset, type Sides, type WindowOptions, windowPixels } from "./window.ts";

/**
 * Shares each dy out over its window. As tfjs has it, the share is one over the window's whole
 * area, padding included, which its forward pass leaves out.
 *
 * @param dy `(batch, outH, outW, channels)`.
 * @param options The windows, their height and width, and the images'.
 * @returns `(batch, inH, inW, channels)`.
 */
export function avgPoolGrad(
  dy: Values,
  options: WindowOptions & { filterSize: Sides; inSize: Sides },
): Values {
  const { filterSize, inSize } = options;
  const channels = dy.shape[3]!;
  const dx = zeros([dy.shape[0]!, ...inSize, channels]);
  const area = filterSize[0] * filterSize[1];
  for (const at of windowPixels(dx.shape, filterSize, options)) {
    const from = pixelOffset(dy.shape, [at.image, at.outY, at.outX]);
    const to = pixelOffset(dx.shape, [at.image, at.inY, at.inX]);
    for (let c = 0; c < channels; c++) dx.data[to + c]! += dy.data[from + c]! / area;
  }
  return dx;
}
