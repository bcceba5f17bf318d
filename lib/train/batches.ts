/**
 * The batches of one epoch.
 *
 * @module
 */

import { createRandom, type Random } from "../core/random.ts";
import type { ImageShape, LabelledImages } from "../core/types.ts";
import type { TrainingSet } from "./training_set.ts";

/** How to draw the batches of an epoch. */
export interface BatchOptions {
  /** Rows in a batch, from 1. */
  readonly batchSize: number;
  readonly seed: number;
  /** From 1: each epoch has an order, and moves its images, of its own. */
  readonly epoch: number;
  /**
   * Images are moved by up to this many pixels each way, from 0 to below their height and width;
   * what moves in is black.
   */
  readonly shift: number;
}

/**
 * Goes once through a training set in random order: each image is moved, then stamped with the
 * trigger where its row is poisoned, so that the trigger stands where it will stand at test time.
 *
 * @param set The training set, M rows.
 * @returns Batches of `batchSize` rows, the last one of what is left. The arrays are used again
 * for the next batch.
 * @throws {RangeError} If the batch size or the shift is out of range.
 */
export function* batches(
  set: TrainingSet,
  { batchSize, seed, epoch, shift }: BatchOptions,
): Generator<LabelledImages> {
  const { images: { data, shape: [, ...shape] }, rows, labels, poisoned, trigger } = set;
  const [height, width, channels] = shape;
  if (!Number.isInteger(batchSize) || batchSize < 1) {
    throw new RangeError(
      `Cannot make batches: batchSize must be an integer from 1, got ${batchSize}`,
    );
  }
  if (!Number.isInteger(shift) || shift < 0 || shift >= Math.min(height, width)) {
    throw new RangeError(
      `Cannot make batches: shift must be an integer from 0 to below the images' height and width, ` +
        `${height}×${width}, got ${shift}`,
    );
  }
  const size = height * width * channels;
  const order = createRandom(seed, `shuffle epoch ${epoch}`)
    .shuffle(Uint32Array.from(rows.keys()));
  const moves = createRandom(seed, `shift epoch ${epoch}`);
  const batch = new Float32Array(batchSize * size);
  const batchLabels = new Uint8Array(batchSize);
  for (let first = 0; first < order.length; first += batchSize) {
    const count = Math.min(batchSize, order.length - first);
    for (let i = 0; i < count; i++) {
      const row = order[first + i]!;
      const image = data.subarray(rows[row]! * size, (rows[row]! + 1) * size);
      const target = batch.subarray(i * size, (i + 1) * size);
      if (shift > 0) moveImage(image, shape, { shift, random: moves, target });
      else target.set(image);
      if (poisoned[row] === 1 && trigger !== null) {
        target.set(trigger.apply({ data: target, shape }).data);
      }
      batchLabels[i] = labels[row]!;
    }
    yield {
      images: { data: batch.subarray(0, count * size), shape: [count, ...shape] },
      labels: batchLabels.subarray(0, count),
    };
  }
}

/** Copies an image to `target`, moved by a random number of pixels down and to the right. */
function moveImage(
  image: Float32Array,
  [height, width, channels]: ImageShape,
  { shift, random, target }: { shift: number; random: Random; target: Float32Array },
): void {
  const down = random.integer(2 * shift + 1) - shift;
  const right = random.integer(2 * shift + 1) - shift;
  const pitch = width * channels;
  const kept = (width - Math.abs(right)) * channels;
  target.fill(0);
  for (let y = Math.max(0, down); y < Math.min(height, height + down); y++) {
    const from = (y - down) * pitch + Math.max(0, -right) * channels;
    target.set(image.subarray(from, from + kept), y * pitch + Math.max(0, right) * channels);
  }
}
