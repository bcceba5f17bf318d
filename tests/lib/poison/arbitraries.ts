/** Random images and training sets. */

import fc from "fast-check";
import type { ImageBatch, LabelledImages } from "../../../lib/core/types.ts";

/** Batches of images on which every trigger fits at its default distance. */
export function images(
  { minCount = 0, maxCount = 6 }: { minCount?: number; maxCount?: number } = {},
): fc.Arbitrary<ImageBatch> {
  return fc
    .tuple(
      fc.integer({ min: minCount, max: maxCount }),
      fc.integer({ min: 4, max: 7 }),
      fc.integer({ min: 4, max: 7 }),
      fc.constantFrom(1, 3),
    )
    .chain((shape) => {
      const length = shape.reduce((product, axis) => product * axis, 1);
      const values = fc.float({ min: 0, max: 1, noNaN: true });
      return fc
        .array(values, { minLength: length, maxLength: length, size: "max" })
        .map((data) => ({ data: Float32Array.from(data), shape }));
    });
}

/** Training sets of three classes, each with at least one image. */
export function trainingSets(): fc.Arbitrary<LabelledImages> {
  return images({ minCount: 3, maxCount: 30 }).chain((batch) =>
    fc
      .array(fc.nat(2), { minLength: batch.shape[0] - 3, maxLength: batch.shape[0] - 3 })
      .chain((rest) => fc.shuffledSubarray([0, 1, 2, ...rest], { minLength: rest.length + 3 }))
      .map((labels) => ({ images: batch, labels: Uint8Array.from(labels) }))
  );
}
