/** Triggers of every kind, and images for them. */

import fc from "fast-check";
import type { Image, ImageBatch, ImageShape } from "../../../lib/core/types.ts";
import {
  createImageTrigger,
  createSequence,
  createTrigger,
  createTriggerImage,
  type Trigger,
  triggerDefinitions,
} from "../../../lib/trigger/mod.ts";

/** A red and a half-transparent green pixel over a blue and a transparent one. */
export const smallImage = createTriggerImage({
  height: 2,
  width: 2,
  channels: 4,
  data: Uint8Array.of(255, 0, 0, 255, 0, 255, 0, 128, 0, 0, 255, 255, 9, 9, 9, 0),
  maximum: 255,
});

/** One of each kind, and of what kinds there are ways of, by name. */
export const triggers: readonly (readonly [name: string, Trigger])[] = [
  ...triggerDefinitions.map(({ kind, create }) => [kind, create()] as const),
  ["corners of reduced amplitude", createTrigger("corners", { amplitude: 0.25 })],
  ["image", createImageTrigger(smallImage, { place: { row: 1, column: 2 } })],
  ["image at random", createImageTrigger(smallImage, { blend: 0.5, place: { seed: 3 } })],
  [
    "sequence",
    createSequence([
      createTrigger("pixel", { distance: 1 }),
      createImageTrigger(smallImage, { place: { seed: 4 } }),
    ]),
  ],
];

/** Batches of images that are large enough for each of them. */
export const batches: fc.Arbitrary<ImageBatch> = fc
  .tuple(
    fc.integer({ min: 0, max: 4 }),
    fc.integer({ min: 6, max: 20 }),
    fc.integer({ min: 6, max: 20 }),
    fc.constantFrom(1, 3),
  )
  .chain((shape) => {
    const length = shape.reduce((product, extent) => product * extent, 1);
    return fc
      .float32Array({ minLength: length, maxLength: length, min: 0, max: 1, noNaN: true })
      .map((data) => ({ data, shape }));
  });

/** One image of a batch, copied. */
export function imageAt({ data, shape: [, ...shape] }: ImageBatch, index: number): Image {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { data: data.slice(index * size, (index + 1) * size), shape };
}

/** Height, width and channels of a batch's images. */
export function shapeOf({ shape: [, ...shape] }: ImageBatch): ImageShape {
  return shape;
}
