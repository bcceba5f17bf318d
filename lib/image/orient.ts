/**
 * Turns what is stored into what is seen.
 *
 * @module
 */

import type { Orientation } from "./exif.ts";
import type { Raster } from "./raster.ts";

/**
 * Turns an image upright.
 *
 * @param raster As it is stored; left as it is.
 * @param orientation Of its Exif data.
 * @returns `raster` itself for 1; height and width change places from 5 on.
 *
 * @example
 * ```ts
 * import { orient } from "./orient.ts";
 * import assert from "node:assert/strict";
 *
 * const stored = { width: 2, height: 1, channels: 1, data: Uint8Array.of(1, 2), maximum: 255 } as const;
 * assert.deepEqual([...orient(stored, 2).data], [2, 1]);
 * assert.equal(orient(stored, 6).height, 2);
 * ```
 */
export function orient(raster: Raster, orientation: Orientation): Raster {
  if (orientation === 1) return raster;
  const { width, height, channels } = raster;
  // As stored, the first row is at the bottom or the right, the first column at the right or bottom.
  const isTransposed = orientation >= 5;
  const [lastRow, lastColumn] = [height - 1, width - 1];
  const isRowReversed = [3, 4, 6, 7].includes(orientation);
  const isColumnReversed = [2, 3, 7, 8].includes(orientation);
  const rowLength = isTransposed ? height : width;
  const data = raster.data.slice();
  for (let row = 0; row < height; row++) {
    const down = isRowReversed ? lastRow - row : row;
    for (let column = 0; column < width; column++) {
      const right = isColumnReversed ? lastColumn - column : column;
      const pixel = isTransposed ? right * rowLength + down : down * rowLength + right;
      const from = (row * width + column) * channels;
      for (let c = 0; c < channels; c++) data[pixel * channels + c] = raster.data[from + c]!;
    }
  }
  return isTransposed ? { ...raster, width: height, height: width, data } : { ...raster, data };
}
