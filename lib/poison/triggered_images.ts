/**
 * Test images with the trigger, on which attack success is measured.
 *
 * @module
 */

import { selectImages } from "../core/select_images.ts";
import type { StampedTrigger } from "../core/training_set.ts";
import type { ImageBatch, LabelledImages } from "../core/types.ts";
import { indicesWhere } from "./indices_where.ts";

/** The M test images that an attack has a target for. */
export interface TriggeredImages {
  /** With the trigger, `(M, H, W, C)`. */
  readonly images: ImageBatch;
  /** Which of the test images they are, ascending, `(M)`. */
  readonly rows: readonly number[];
  /** The true class of each, `(M)`. */
  readonly labels: Uint8Array;
  /** What the attacker wants each to be classified as, `(M)`. */
  readonly targets: Uint8Array;
}

/**
 * Stamps the trigger on every test image that an attack has a target for. The share that a model
 * classifies as their targets is the attack's success.
 *
 * @param test N labelled images.
 * @param attack What is stamped, and the target of each class.
 * @param options.indices The index of each image in its data set, `(N)`, which decides random places;
 * its place in `test` if left out.
 * @returns `null` if nothing is stamped.
 * @throws {RangeError} If the trigger does not lie within the images.
 */
export function triggeredImages(
  { images, labels }: LabelledImages,
  { trigger, targetOf }: {
    readonly trigger: StampedTrigger | null;
    readonly targetOf: (label: number) => number | null;
  },
  { indices }: { readonly indices?: ArrayLike<number> } = {},
): TriggeredImages | null {
  if (trigger === null) return null;
  const rows = indicesWhere(labels, (label) => targetOf(label) !== null);
  return {
    images: trigger.apply(selectImages(images, rows), {
      indices: rows.map((row) => indices?.[row] ?? row),
    }),
    rows,
    labels: Uint8Array.from(rows, (row) => labels[row]!),
    targets: Uint8Array.from(rows, (row) => targetOf(labels[row]!)!),
  };
}
