/**
 * Triggers that write one value to a few pixels at fixed places from the bottom right corner.
 *
 * @module
 */

import type { ImageShape } from "../core/types.ts";
import { overwrite } from "./overwrite.ts";
import type { Pixel, Stamp } from "./trigger.ts";

/** What such a trigger takes; the defaults are ART's. */
export const stampParameters = {
  distance: {
    type: "integer",
    description: "how far from the bottom right corner, in pixels",
    default: 2,
    minimum: 1,
  },
  value: {
    type: "number",
    description: "what is written to the trigger's pixels",
    default: 1,
    minimum: 0,
    maximum: 1,
  },
} as const;

/** Rows up and columns left of the pixel at `(H - distance, W - distance)`; integers from 0. */
export type StampOffset = readonly [up: number, left: number];

/**
 * Makes a trigger that overwrites all channels of some pixels.
 *
 * @param kind The trigger's name.
 * @param offsets Its pixels, in the order of writing.
 */
export function createStamp(
  kind: string,
  offsets: readonly StampOffset[],
  { distance, value }: { readonly distance: number; readonly value: number },
): Stamp {
  return overwrite(([height, width]: ImageShape): readonly Pixel[] =>
    offsets.map(([up, left]) => {
      const row = height - distance - up;
      const column = width - distance - left;
      // Python's negative indices would wrap to the far edge: another trigger, silently.
      if (row < 0 || column < 0) {
        throw new RangeError(
          `Cannot stamp trigger ${kind} at distance ${distance}: its pixels must lie within the ` +
            `image, got (${row}, ${column}) in ${height}×${width}; use a smaller distance`,
        );
      }
      return [row, column];
    }), value);
}
