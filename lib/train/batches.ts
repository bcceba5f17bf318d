/**
 * The batches of one epoch.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import { imageAt, indexAt, type TrainingSet } from "../core/training_set.ts";
import type { LabelledImages } from "../core/types.ts";
import { type Augmentation, createAugment } from "./augmentation.ts";

/** How to draw the batches of an epoch. */
export interface BatchOptions {
  /** Rows in a batch, from 1. */
  readonly batchSize: number;
  readonly seed: number;
  /** From 1: each epoch has an order, and changes its images, of its own. */
  readonly epoch: number;
  readonly augmentation: Augmentation;
}

/**
 * Goes once through a training set in random order: each image is changed as the augmentation says
 * and, where its row is poisoned, stamped with the trigger, in the augmentation's order.
 *
 * @param set The training set, M rows.
 * @returns Batches of `batchSize` rows, the last one of what is left. The arrays are used again
 * for the next batch.
 * @throws {RangeError} If the batch size or the shift is out of range.
 */
export function* batches(
  set: TrainingSet,
  { batchSize, seed, epoch, augmentation }: BatchOptions,
): Generator<LabelledImages> {
  const { images: { shape: [, ...shape] }, rows, labels, poisoned, trigger } = set;
  const [height, width, channels] = shape;
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new RangeError(
      `Cannot make batches: batchSize must be an integer from 1, got ${batchSize}`,
    );
  }
  const size = height * width * channels;
  const order = createRandom(seed, `shuffle epoch ${epoch}`)
    .shuffle(Uint32Array.from(rows.keys()));
  const augment = createAugment(augmentation, { shape, seed, epoch });
  const one = [1, ...shape] as const;
  const stamp = (data: Float32Array, row: number) =>
    trigger?.apply({ data, shape: one }, { indices: [indexAt(set, row)] }).data ?? data;
  const batch = new Float32Array(batchSize * size);
  const batchLabels = new Uint8Array(batchSize);
  for (let first = 0; first < order.length; first += batchSize) {
    const count = Math.min(batchSize, order.length - first);
    for (let i = 0; i < count; i++) {
      const row = order[first + i]!;
      const image = imageAt(set, row);
      const target = batch.subarray(i * size, (i + 1) * size);
      if (poisoned[row] === 0) augment(image, target);
      else if (augmentation.order === "after trigger") augment(stamp(image, row), target);
      else {
        augment(image, target);
        target.set(stamp(target, row));
      }
      batchLabels[i] = labels[row]!;
    }
    yield {
      images: { data: batch.subarray(0, count * size), shape: [count, ...shape] },
      labels: batchLabels.subarray(0, count),
    };
  }
}
