/**
 * The shape of one image of a batch.
 *
 * @module
 */

import type { Images, ImageShape } from "../core/types.ts";

/** Height, width and channels of an image, or of each image of a batch. */
export function imageShape({ shape }: Images): ImageShape {
  if (shape.length === 3) return shape;
  const [, height, width, channels] = shape;
  return [height, width, channels];
}
