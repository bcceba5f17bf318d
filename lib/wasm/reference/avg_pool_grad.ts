/**
 * Gradient of average pooling.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";
import { pixelOffset, type Sides, type WindowOptions, windowPixels } from "./window.ts";

/**
 * Shares each dy out over the pixels of its window in equal parts. Padding takes none: the forward
 * pass leaves it out of the average.
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
  const pixels = [...windowPixels(dx.shape, filterSize, options)].map((at) => ({
    from: pixelOffset(dy.shape, [at.image, at.outY, at.outX]),
    to: pixelOffset(dx.shape, [at.image, at.inY, at.inX]),
  }));
  const counts = new Map<number, number>();
  for (const { from } of pixels) counts.set(from, (counts.get(from) ?? 0) + 1);
  for (const { from, to } of pixels) {
    for (let c = 0; c < channels; c++) dx.data[to + c]! += dy.data[from + c]! / counts.get(from)!;
  }
  return dx;
}
