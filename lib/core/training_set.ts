/**
 * What a model is trained on.
 *
 * @module
 */

import type { ImageBatch } from "./types.ts";

/** What training and evaluation need of a trigger (`Trigger` of `lib/trigger` is one of these). */
export interface StampedTrigger {
  /** Stamps every image; `indices` are those in the data set, which decide random places. */
  readonly apply: (
    images: ImageBatch,
    options: { readonly indices: ArrayLike<number> },
  ) => ImageBatch;
}

/** Images that stand in for originals. */
export interface PerturbedImages {
  /** Of the originals' size, `(K, H, W, C)`. */
  readonly images: ImageBatch;
  /** Which images of the set they were, `(K)`. */
  readonly originals: Uint32Array;
}

/**
 * A training set as a view of images: which image stands at each row, under which label, with or
 * without a trigger. The trigger is stamped when the row is read, so that augmentation can come
 * before it and no image is stored twice.
 */
export interface TrainingSet {
  /** The images before the trigger, `(N, H, W, C)`. */
  readonly images: ImageBatch;
  /**
   * The index of each image in its data set, `(N)`, by which a trigger at a random place knows it;
   * its place in `images` if left out.
   */
  readonly indices?: Uint32Array;
  /** Images that stand in for originals; `null` for none. */
  readonly perturbed: PerturbedImages | null;
  /**
   * For each of the M rows of the training set, the image behind it: below N, an image of `images`,
   * and N + k for image k of `perturbed`.
   */
  readonly rows: Uint32Array;
  /** The label of each row. */
  readonly labels: Uint8Array;
  /** 1 where the row carries the trigger, else 0. */
  readonly poisoned: Uint8Array;
  /** The trigger; `null` if no row is poisoned. */
  readonly trigger: StampedTrigger | null;
}

/**
 * The image behind a row, before augmentation and trigger.
 *
 * @param row From 0 to M − 1.
 * @returns A view, `(H, W, C)`, values in 0–1.
 */
export function imageAt({ images, perturbed, rows }: TrainingSet, row: number): Float32Array {
  const [count, height, width, channels] = images.shape;
  const size = height * width * channels;
  const index = rows[row]!;
  const { data } = index < count ? images : perturbed!.images;
  const first = (index < count ? index : index - count) * size;
  return data.subarray(first, first + size);
}

/**
 * The original behind a row, perturbed or not.
 *
 * @param row From 0 to M − 1.
 * @returns Its index in `images`.
 */
export function originalAt({ images, perturbed, rows }: TrainingSet, row: number): number {
  const [count] = images.shape;
  const index = rows[row]!;
  return index < count ? index : perturbed!.originals[index - count]!;
}

/**
 * The index in the data set of the image behind a row, which names it wherever it is met: perturbed or
 * not, and no matter which images were taken beside it.
 *
 * @param row From 0 to M − 1.
 */
export function indexAt(set: TrainingSet, row: number): number {
  const original = originalAt(set, row);
  return set.indices?.[original] ?? original;
}

/**
 * A set of some rows of a set.
 *
 * @param set The set; its images are shared with the result.
 * @param rows Which rows, in the order in which they are to stand.
 */
export function rowsOf<Set extends TrainingSet>(set: Set, rows: ArrayLike<number>): Set {
  return {
    ...set,
    rows: Uint32Array.from(rows, (row) => set.rows[row]!),
    labels: Uint8Array.from(rows, (row) => set.labels[row]!),
    poisoned: Uint8Array.from(rows, (row) => set.poisoned[row]!),
  };
}
