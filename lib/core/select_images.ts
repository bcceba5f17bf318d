/**
 * Some images of a batch.
 *
 * @module
 */

import type { ImageBatch, LabelledImages } from "./types.ts";

/**
 * Copies images out of a batch.
 *
 * @param batch `(N, H, W, C)`.
 * @param rows Which, each from 0 to N − 1; an image may be taken more than once.
 * @returns New images, `(M, H, W, C)`, in the order of the M `rows`.
 *
 * @example
 * ```ts
 * import { selectImages } from "./select_images.ts";
 * import assert from "node:assert/strict";
 *
 * const batch = { data: Float32Array.of(0.1, 0.2, 0.3), shape: [3, 1, 1, 1] as const };
 * assert.deepEqual(selectImages(batch, [2, 0]).data, Float32Array.of(0.3, 0.1));
 * ```
 */
export function selectImages(
  { data, shape: [, ...shape] }: ImageBatch,
  rows: ArrayLike<number>,
): ImageBatch {
  const size = shape[0] * shape[1] * shape[2];
  const selected = new Float32Array(rows.length * size);
  for (let i = 0; i < rows.length; i++) {
    selected.set(data.subarray(rows[i]! * size, (rows[i]! + 1) * size), i * size);
  }
  return { data: selected, shape: [rows.length, ...shape] };
}

/**
 * Copies images out of a batch, with their labels.
 *
 * @param rows Which, as of `selectImages`.
 */
export function selectLabelled(
  { images, labels }: LabelledImages,
  rows: ArrayLike<number>,
): LabelledImages {
  return {
    images: selectImages(images, rows),
    labels: Uint8Array.from(rows, (row) => labels[row]!),
  };
}
