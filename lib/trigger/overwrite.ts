/**
 * Triggers that write one value to a few pixels.
 *
 * @module
 */

import type { ImageShape } from "../core/types.ts";
import { imageShape } from "./image_shape.ts";
import type { Pixel, Stamp } from "./trigger.ts";

/**
 * Overwrites all channels of some pixels.
 *
 * @param pixels Those of an image of a shape, in the order of writing; throws a RangeError if they do
 * not lie within it.
 * @param value What is written, 0–1.
 */
export function overwrite(
  pixels: (shape: ImageShape) => readonly Pixel[],
  value: number,
): Stamp {
  return {
    pixels,
    apply(images) {
      const shape = imageShape(images);
      const [height, width, channels] = shape;
      const starts = pixels(shape).map(([row, column]) => (row * width + column) * channels);
      const data = images.data.slice();
      for (let image = 0; image < data.length; image += height * width * channels) {
        for (const start of starts) data.fill(value, image + start, image + start + channels);
      }
      return { ...images, data };
    },
  };
}
