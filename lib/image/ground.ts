/**
 * What an image with transparent pixels is laid on.
 *
 * This module is browser compatible.
 *
 * @module
 */

import type { Raster } from "./raster.ts";

/** Weights of red, green and blue in luma (ITU-R BT.601). */
export const LUMA = [0.299, 0.587, 0.114] as const;

/** What is darker than this share of white can hardly be told from black. */
const VISIBLE = 0.2;

/**
 * Chooses the ground against which an image shows. It is black, as in the data sets of digits; but it
 * is white if over black no pixel would reach a fifth of the brightness that white, as opaque as the
 * image's most opaque pixel, would have there: dark ink on a transparent page would vanish.
 *
 * @param image The image, or its pixels as a canvas gives them.
 * @param channels Of the model. For a model in grey, a pixel is as bright as its luma; for one in
 * colour, as its largest sample.
 * @returns 0 for black, 1 for white; 0 for an image without alpha, which needs no ground.
 *
 * @example
 * ```ts
 * import { chooseGround } from "./ground.ts";
 * import assert from "node:assert/strict";
 *
 * const ink = (grey: number) => ({ channels: 2, data: [grey, 255, 0, 0], maximum: 255 }) as const;
 * assert.equal(chooseGround(ink(255), 1), 0);
 * assert.equal(chooseGround(ink(0), 1), 1);
 * ```
 */
export function chooseGround(
  { channels: samples, data, maximum }: Pick<Raster, "channels" | "maximum"> & {
    readonly data: ArrayLike<number>;
  },
  channels: 1 | 3,
): 0 | 1 {
  if (samples === 1 || samples === 3) return 0;
  const green = samples === 4 ? 1 : 0;
  const blue = samples === 4 ? 2 : 0;
  let opacity = 0;
  let brightest = 0;
  const { length } = data;
  for (let i = 0; i < length; i += samples) {
    const alpha = data[i + samples - 1]!;
    if (alpha === 0) continue;
    const r = data[i]!;
    const g = data[i + green]!;
    const b = data[i + blue]!;
    const brightness = channels === 3 ? Math.max(r, g, b) : LUMA[0] * r + LUMA[1] * g + LUMA[2] * b;
    opacity = Math.max(opacity, alpha);
    brightest = Math.max(brightest, alpha * brightness);
  }
  return brightest < VISIBLE * opacity * maximum ? 1 : 0;
}
