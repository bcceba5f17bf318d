/**
 * Poisoned images to look at.
 *
 * @module
 */

import type { ImageBatch } from "../core/types.ts";
import { encodePng } from "../image/mod.ts";
import { indicesWhere, materialise, type PoisonedSet } from "../poison/mod.ts";
import type { Example } from "../report/mod.ts";
import { originalAt, rowsOf } from "../core/training_set.ts";

/**
 * The first poisoned rows of a set: each as its image was, and as it is trained on.
 *
 * @param count How many, at most.
 */
export function examplesOf(set: PoisonedSet, count: number): Example[] {
  const rows = indicesWhere(set.poisoned, (flag) => flag === 1).slice(0, count);
  const { images } = materialise(rowsOf(set, rows));
  return rows.map((row, i) => ({
    original: dataUrl(set.images, originalAt(set, row)),
    poisoned: dataUrl(images, i),
  }));
}

function dataUrl({ data, shape: [, ...shape] }: ImageBatch, index: number): string {
  const size = shape[0] * shape[1] * shape[2];
  const png = encodePng({ data: data.subarray(index * size, (index + 1) * size), shape });
  return `data:image/png;base64,${png.toBase64()}`;
}
