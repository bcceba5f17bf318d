/**
 * Average pooling and its gradient.
 *
 * @module
 */

import { type Values, zeros } from "./values.ts";
import { pixelOffset, type Sides, type WindowOptions, windowPixels } from "./window.ts";

/** Windows, their height and width, and the images'. */
export type AvgPoolOptions = WindowOptions & { filterSize: Sides; inSize: Sides };

/** A pixel of a window, as offsets into data: in the pooled images, and in the images. */
interface Link {
  readonly out: number;
  readonly in: number;
}

/** All pixels of all windows, and how many each window has. */
function linkWindows(
  inShape: readonly number[],
  outShape: readonly number[],
  options: AvgPoolOptions,
): { links: Link[]; counts: Map<number, number> } {
  const links = [...windowPixels(inShape, options.filterSize, options)].map((at) => ({
    out: pixelOffset(outShape, [at.image, at.outY, at.outX]),
    in: pixelOffset(inShape, [at.image, at.inY, at.inX]),
  }));
  const counts = new Map<number, number>();
  for (const { out } of links) counts.set(out, (counts.get(out) ?? 0) + 1);
  return { links, counts };
}

/**
 * The mean of each window's pixels that are in the image; NaN where none is.
 *
 * @param x `(batch, inH, inW, channels)`.
 * @returns `(batch, outH, outW, channels)`.
 */
export function avgPool(x: Values, options: AvgPoolOptions): Values {
  const channels = x.shape[3]!;
  const y = zeros([x.shape[0]!, ...options.outSize, channels]);
  const { links, counts } = linkWindows(x.shape, y.shape, options);
  for (const { out, in: from } of links) {
    for (let c = 0; c < channels; c++) y.data[out + c]! += x.data[from + c]!;
  }
  for (let i = 0; i < y.data.length; i++) y.data[i]! /= counts.get(i - i % channels) ?? 0;
  return y;
}

/**
 * Shares each dy out over the pixels of its window in equal parts. Padding takes none: the forward
 * pass leaves it out of the average.
 *
 * @param dy `(batch, outH, outW, channels)`.
 * @returns `(batch, inH, inW, channels)`.
 */
export function avgPoolGrad(dy: Values, options: AvgPoolOptions): Values {
  const channels = dy.shape[3]!;
  const dx = zeros([dy.shape[0]!, ...options.inSize, channels]);
  const { links, counts } = linkWindows(dx.shape, dy.shape, options);
  for (const { out, in: to } of links) {
    for (let c = 0; c < channels; c++) dx.data[to + c]! += dy.data[out + c]! / counts.get(out)!;
  }
  return dx;
}
