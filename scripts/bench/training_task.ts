/**
 * What the training benchmarks train on.
 *
 * @module
 */

import { createRandom } from "../../lib/core/random.ts";
import { rowsOf } from "../../lib/core/training_set.ts";
import type { ImageShape, LabelledImages } from "../../lib/core/types.ts";
import { loadDataset } from "../../lib/data/mod.ts";
import { type Attack, createAttack, type PoisonedSet } from "../../lib/poison/mod.ts";
import { createTrigger } from "../../lib/trigger/mod.ts";

/** The networks, each with the data that it is measured on. */
export const benchNetworks = {
  article: "mnist",
  badnets: "mnist",
  resnet: "random",
} as const;

/** A network that is measured. */
export type BenchNetwork = keyof typeof benchNetworks;

/** What to train on, and how much of it. */
export interface TaskOptions {
  /**
   * MNIST poisoned as `train` does by default, MNIST poisoned as in the article's all-to-all attack
   * (p = 0.33), or random images of CIFAR-10's size.
   */
  readonly data: "mnist" | "mnist all-to-all" | "random";
  /** Images to train on, spread over the whole set; all where left out. */
  readonly images?: number;
  /** Test images; all where left out. */
  readonly testImages?: number;
}

/** A training set and a test set. */
export interface TrainingTask {
  readonly set: PoisonedSet;
  readonly test: LabelledImages;
  readonly attack: Attack;
  readonly shape: ImageShape;
  readonly classes: number;
}

const SEED = 1;

/** Random images to train on, and to test on. */
const RANDOM_IMAGES = { train: 5_120, test: 2_560 } as const;

/** Makes the task: the same one for the same options. */
export async function loadTask({ data, images, testImages }: TaskOptions): Promise<TrainingTask> {
  const { train, test, shape } = data === "random" ? randomImages() : await loadDataset("mnist");
  const classes = 10;
  const attack = createAttack(data === "mnist all-to-all" ? "all-to-all" : "single-target", {
    trigger: createTrigger("pattern"),
    classes,
  });
  const rate = data === "mnist all-to-all" ? 0.33 : 0.1;
  return {
    set: thin(await attack.poison(train, { rate, seed: SEED }), images),
    test: firstImages(test, testImages),
    attack,
    shape,
    classes,
  };
}

/** Seeded random images of CIFAR-10's size, values in 0–1. */
function randomImages(): { train: LabelledImages; test: LabelledImages; shape: ImageShape } {
  const shape = [32, 32, 3] as const;
  const random = createRandom(SEED, "random images");
  const some = (count: number): LabelledImages => ({
    images: {
      data: new Float32Array(count * 32 * 32 * 3).map(() => random.uniform()),
      shape: [count, ...shape],
    },
    labels: new Uint8Array(count).map(() => random.integer(10)),
  });
  return { train: some(RANDOM_IMAGES.train), test: some(RANDOM_IMAGES.test), shape };
}

/** Some rows of a set, evenly spread: poisoned ones stand at its end. */
export function thin(set: PoisonedSet, count = set.rows.length): PoisonedSet {
  const kept = Math.min(count, set.rows.length);
  const rows = Array.from({ length: kept }, (_, i) => Math.floor(i * set.rows.length / count));
  return rowsOf(set, rows);
}

function firstImages(
  { images: { data, shape: [, ...shape] }, labels }: LabelledImages,
  count = labels.length,
): LabelledImages {
  const kept = Math.min(count, labels.length);
  const size = shape[0] * shape[1] * shape[2];
  return {
    images: { data: data.subarray(0, kept * size), shape: [kept, ...shape] },
    labels: labels.subarray(0, kept),
  };
}
