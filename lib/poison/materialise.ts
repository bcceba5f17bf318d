/**
 * Poisoned sets as plain images, for programs that want them stamped and stored.
 *
 * @module
 */

import { selectImages } from "../core/select_images.ts";
import type { LabelledImages } from "../core/types.ts";
import { imageAt, indexAt, type TrainingSet } from "../core/training_set.ts";
import { indicesWhere } from "./indices_where.ts";

/**
 * Copies a poisoned set out of its view, with the trigger stamped on the poisoned rows.
 *
 * @returns New images, `(M, H, W, C)`, and labels, `(M)`, in the order of the set's rows.
 * @throws {RangeError} If the trigger does not lie within the images.
 */
export function materialise(set: TrainingSet): LabelledImages {
  const [, height, width, channels] = set.images.shape;
  const size = height * width * channels;
  const images = {
    data: new Float32Array(set.rows.length * size),
    shape: [set.rows.length, height, width, channels] as const,
  };
  for (const row of set.rows.keys()) images.data.set(imageAt(set, row), row * size);
  const labels = set.labels.slice();
  const stamped = indicesWhere(set.poisoned, (flag) => flag === 1);
  if (set.trigger === null || stamped.length === 0) return { images, labels };

  const indices = Uint32Array.from(stamped, (row) => indexAt(set, row));
  const { data } = set.trigger.apply(selectImages(images, stamped), { indices });
  stamped.forEach((row, i) => images.data.set(data.subarray(i * size, (i + 1) * size), row * size));
  return { images, labels };
}
