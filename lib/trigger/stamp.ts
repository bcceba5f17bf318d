/**
 * Triggers that write one value to a few pixels at fixed places from the bottom right corner.
 *
 * @module
 */

import type { Images, ImageShape } from "../core/types.ts";
import { imageShape } from "./image_shape.ts";
import type { Pixel, StampManifest, Trigger, TriggerOptions } from "./trigger.ts";

/** ART's defaults. */
export const stampDefaults = { distance: 2, value: 1 } as const;

/** Rows up and columns left of the pixel at `(H - distance, W - distance)`; integers from 0. */
export type StampOffset = readonly [up: number, left: number];

/**
 * Makes a trigger that overwrites all channels of some pixels.
 *
 * @param kind The trigger's name.
 * @param offsets Its pixels, in the order of writing.
 * @param options `distance` and `value`; `stampDefaults` where left out.
 * @throws {RangeError} If `distance` is no integer from 1 or `value` is not within 0–1.
 */
export function createStamp(
  kind: StampManifest["kind"],
  offsets: readonly StampOffset[],
  { distance = stampDefaults.distance, value = stampDefaults.value }: TriggerOptions = {},
): Trigger {
  if (!Number.isInteger(distance) || distance < 1) {
    throw new RangeError(
      `Cannot make trigger ${kind}: distance must be an integer from 1, got ${distance}`,
    );
  }
  if (!(value >= 0 && value <= 1)) {
    throw new RangeError(`Cannot make trigger ${kind}: value must be within 0-1, got ${value}`);
  }

  function pixels([height, width]: ImageShape): readonly Pixel[] {
    return offsets.map(([up, left]) => {
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
    });
  }

  function apply<T extends Images>(images: T): T {
    const shape = imageShape(images);
    const [height, width, channels] = shape;
    const starts = pixels(shape).map(([row, column]) => (row * width + column) * channels);
    const data = images.data.slice();
    for (let image = 0; image < data.length; image += height * width * channels) {
      for (const start of starts) data.fill(value, image + start, image + start + channels);
    }
    return { ...images, data };
  }

  return { manifest: { kind, distance, value }, pixels, apply };
}
