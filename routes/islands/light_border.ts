/**
 * Tells dark ink on light paper from the light-on-dark of MNIST.
 *
 * @module
 */

import { LUMA } from "../../lib/image/ground.ts";

/** Pixels as a canvas gives them: 4 bytes each (red, green, blue, alpha), row by row, 0–255. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/**
 * Whether the outermost ring of pixels is bright on average (luma above one half). A digit seldom
 * touches the border, so the border shows the paper.
 *
 * @param ground What is seen through transparent pixels: 0 for black, 1 for white.
 *
 * @example
 * ```ts
 * import { hasLightBorder } from "./light_border.ts";
 * import assert from "node:assert/strict";
 *
 * const white = { data: new Uint8ClampedArray(4 * 9).fill(255), width: 3, height: 3 };
 * assert.equal(hasLightBorder(white), true);
 * ```
 */
export function hasLightBorder({ data, width, height }: Pixels, ground: 0 | 1 = 0): boolean {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y++) {
    const inner = y > 0 && y < height - 1;
    for (let x = 0; x < width; x += inner ? Math.max(width - 1, 1) : 1) {
      const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(4 * (y * width + x));
      const luma = LUMA[0] * red + LUMA[1] * green + LUMA[2] * blue;
      sum += luma * alpha / 255 + ground * (255 - alpha);
      count++;
    }
  }
  return sum / count > 127.5;
}
