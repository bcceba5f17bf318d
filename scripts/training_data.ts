/**
 * The data of a job: a data set, an attack, and what the attack makes of the training images. What
 * commands train on, and what `poison` writes out.
 *
 * @module
 */

import { fromUser, fromUserLater } from "../lib/core/errors.ts";
import { createRandom } from "../lib/core/random.ts";
import { selectImages } from "../lib/core/select_images.ts";
import type { LabelledImages } from "../lib/core/types.ts";
import { loadDataset, type LoadedDataset } from "../lib/data/mod.ts";
import { type Attack, createAttack, type PoisonedSet } from "../lib/poison/mod.ts";
import { createTrigger } from "../lib/trigger/mod.ts";

/** Which data, and what is done to it. */
export interface DataJob {
  readonly dataset: string;
  readonly dataDir?: string;
  readonly attack: string;
  readonly trigger: string;
  readonly source: number | "all";
  readonly target: number;
  readonly poisonRate: number;
  readonly seed: number;
  /** Images of the training set, of a seeded shuffle; all where left out. */
  readonly limit?: number;
}

/** What a job's data comes to. */
export interface TrainingData {
  readonly dataset: LoadedDataset;
  readonly attack: Attack;
  /** The training set, poisoned. */
  readonly set: PoisonedSet;
  /** For each image of the set, its index in the data set's training images. */
  readonly originals: Uint32Array;
}

/**
 * Loads a data set and poisons it. The same job makes the same data.
 *
 * @param note Told of what is odd about the data, and what takes its time.
 * @throws {UsageError} If the data set has no such class, or the rate makes no poisoned image.
 */
export async function loadTrainingData(
  job: DataJob,
  note: (line: string) => void,
): Promise<TrainingData> {
  const dataset = await loadDataset(job.dataset, { dataDir: job.dataDir, note });
  dataset.warnings.forEach((warning) => note(`warning: ${warning}`));
  const attack = fromUser(() => attackOf(job, dataset));
  const originals = chosenImages(dataset.train.labels.length, job);
  const clean = limited(dataset.train, originals);
  const set = await fromUserLater(() =>
    attack.poison(clean, { rate: job.poisonRate, seed: job.seed })
  );
  return { dataset, attack, set, originals };
}

function attackOf(job: DataJob, { labels }: LoadedDataset): Attack {
  return createAttack(job.attack, {
    trigger: job.attack === "none" ? null : createTrigger(job.trigger),
    source: job.source,
    target: job.target,
    classes: labels.length,
  });
}

/** All images, or the first of a seeded shuffle. */
function chosenImages(count: number, { limit = count, seed }: DataJob): Uint32Array {
  const all = Uint32Array.from({ length: count }, (_, image) => image);
  return limit >= count ? all : createRandom(seed, "limit").shuffle(all).slice(0, limit);
}

function limited({ images, labels }: LabelledImages, chosen: Uint32Array): LabelledImages {
  if (chosen.length === labels.length) return { images, labels };
  return {
    images: selectImages(images, chosen),
    labels: Uint8Array.from(chosen, (image) => labels[image]!),
  };
}
