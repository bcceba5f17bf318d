/**
 * A poisoned data set as bytes.
 *
 * @module
 */

import { type PoisonedSet, stampedChunks } from "../poison/mod.ts";
import type { LabelledImages } from "../core/types.ts";
import type { ArrangedData } from "./arrange_data.ts";
import type { ByteDataset, ByteImages } from "./format.ts";

/**
 * Stamps every poisoned row, and rounds values to the nearest of 0/255 … 255/255, as files of images
 * hold them. What was read from such files comes through value for value; perturbed images are moved
 * by up to 1/510.
 */
export function toByteDataset({ dataset, set, test, triggered }: ArrangedData): ByteDataset {
  const [, ...shape] = set.images.shape;
  return {
    classes: dataset.labels,
    train: {
      images: stampedBytes(set),
      shape: [set.rows.length, ...shape],
      labels: set.labels,
      poisoned: set.poisoned,
    },
    test: bytesOf(test),
    triggered: triggered === null
      ? null
      : { ...bytesOf(triggered), targets: triggered.targets, rows: triggered.rows },
  };
}

function bytesOf({ images: { data, shape }, labels }: LabelledImages): ByteImages {
  return { images: toBytes(data, new Uint8ClampedArray(data.length)), shape, labels };
}

function stampedBytes(set: PoisonedSet): Uint8Array {
  const [, height, width, channels] = set.images.shape;
  const size = height * width * channels;
  const bytes = new Uint8ClampedArray(set.rows.length * size);
  for (const { first, images } of stampedChunks(set)) {
    toBytes(images.data, bytes.subarray(first * size, first * size + images.data.length));
  }
  return new Uint8Array(bytes.buffer);
}

/** A clamped array rounds to nearest. */
function toBytes(values: Float32Array, bytes: Uint8ClampedArray<ArrayBuffer>): Uint8Array {
  // A plain loop: `Uint8ClampedArray.from` with a function takes seconds for 52 million values.
  for (let i = 0; i < values.length; i++) bytes[i] = values[i]! * 255;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
