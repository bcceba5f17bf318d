/**
 * Poisoned sets as plain images, for whoever wants them stamped and stored.
 *
 * @module
 */

import { selectImages } from "../core/select_images.ts";
import type { LabelledImages } from "../core/types.ts";
import type { PoisonedSet } from "./attack.ts";
import { indicesWhere } from "./indices_where.ts";
import { oneHot } from "./label_rows.ts";
import { poison } from "./poison.ts";

/**
 * Copies a poisoned set out of its view, with the trigger stamped on the poisoned rows.
 *
 * @returns New images, `(M, H, W, C)`, and labels, `(M)`, in the order of the set's rows.
 * @throws {RangeError} If the trigger does not lie within the images.
 */
export function materialise(set: PoisonedSet): LabelledImages {
  const images = selectImages(set.images, set.rows);
  const labels = set.labels.slice();
  const stamped = indicesWhere(set.poisoned, (flag) => flag === 1);
  if (set.trigger === null || stamped.length === 0) return { images, labels };

  const classes = 1 + labels.reduce((most, label) => Math.max(most, label), 0);
  const targets = Uint8Array.from(stamped, (row) => labels[row]!);
  const { attacked } = poison(selectImages(images, stamped), oneHot(targets, classes), {
    perturbation: set.trigger.apply,
  });
  const [, height, width, channels] = images.shape;
  const size = height * width * channels;
  stamped.forEach((row, i) => {
    images.data.set(attacked.data.subarray(i * size, (i + 1) * size), row * size);
  });
  return { images, labels };
}
