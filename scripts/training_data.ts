/**
 * The data of a job: a data set, an attack, and what the attack makes of the training images. What
 * commands train on, and what `poison` writes out.
 *
 * @module
 */

import { fromUser, fromUserLater, notFromUser } from "../lib/core/errors.ts";
import { createRandom } from "../lib/core/random.ts";
import { selectImages } from "../lib/core/select_images.ts";
import type { Json, LabelledImages } from "../lib/core/types.ts";
import { loadDataset, type LoadedDataset } from "../lib/data/mod.ts";
import type { PerturbationNumbers } from "../lib/perturb/mod.ts";
import {
  type Attack,
  createAttack,
  type ImagePerturbation,
  type Perturb,
  type PoisonedSet,
} from "../lib/poison/mod.ts";
import { createPerturbation } from "./perturbation.ts";
import type { NetworkJob, TrainingContext } from "./train_network.ts";
import { readTrigger, type TriggerFlags } from "./options/trigger_options.ts";

/**
 * Raised where the same job comes to other weights or other perturbed images than it did: results of
 * before are not of this code.
 */
export const REVISION = 1;

/** Which data, and what is done to it. */
export interface DataJob extends TriggerFlags {
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
  /** Under clean-label, what is done to images before the trigger; nothing where left out. */
  readonly perturbation?: PerturbationNumbers;
  /** Under clean-label, whether an image is drawn from all each time; as ART does where left out. */
  readonly withReplacement?: boolean;
}

/** What data is made with. */
export interface DataContext extends TrainingContext {
  /** Network and recipe of the proxies that perturbations are aimed at. */
  readonly network: NetworkJob;
  /**
   * Makes a perturbation remember what it has perturbed, for others that have the same key.
   *
   * @param about.key All that perturbed images depend on but the images.
   * @param about.clean The training images, as they are.
   */
  readonly remember?: (
    perturb: Perturb,
    about: { readonly key: Json; readonly clean: LabelledImages },
  ) => Perturb;
}

/** What a job's data comes to. */
export interface TrainingData {
  readonly dataset: LoadedDataset;
  readonly attack: Attack;
  /** The training set, poisoned. */
  readonly set: PoisonedSet;
}

/**
 * Loads a data set and poisons it. The same job makes the same data.
 *
 * @throws {UsageError} If the data set has no such class, or the rate makes no poisoned image.
 * @throws The signal's reason, where it fires.
 */
export async function loadTrainingData(
  job: DataJob,
  context: DataContext,
): Promise<TrainingData> {
  const note = (line: string) => context.progress.note(line);
  const { signal } = context;
  const dataset = await loadDataset(job.dataset, { dataDir: job.dataDir, note, signal });
  dataset.warnings.forEach((warning) => note(`warning: ${warning}`));
  const indices = chosenImages(dataset.train.labels.length, job);
  const clean = limited(dataset.train, indices);
  const perturbation = createPerturbation(job.perturbation ?? { kind: "none" }, {
    ...context,
    ...{ dataset, clean, seed: job.seed },
  });
  const trigger = job.attack === "none" ? null : await readTrigger(job, job);
  const attack = fromUser(() =>
    createAttack(job.attack, {
      trigger,
      source: job.source,
      target: job.target,
      classes: dataset.labels.length,
      perturbation: perturbation && remembered(perturbation, { job, clean, dataset, context }),
      withReplacement: job.withReplacement,
    })
  );
  // Before the work, not in the midst of it.
  if (trigger !== null) fromUser(() => trigger.pixels(dataset.shape));
  const set = await fromUserLater(() =>
    attack.poison(clean, { rate: job.poisonRate, seed: job.seed })
  );
  return { dataset, attack, set: { ...set, indices } };
}

/** A perturbation whose failures are its own and, where the context has a way to, with a memory. */
function remembered(
  { perturb: made, manifest }: ImagePerturbation,
  { job: { seed, limit }, clean, dataset: { digest }, context: { network, remember } }: {
    job: DataJob;
    clean: LabelledImages;
    dataset: LoadedDataset;
    context: DataContext;
  },
): ImagePerturbation {
  const numbers = { perturbation: manifest, network, digest, seed, limit, revision: REVISION };
  // As JSON: what is not given is left out.
  const key = JSON.parse(JSON.stringify(numbers));
  const perturb = remember?.(made, { key, clean }) ?? made;
  return { perturb: (...options) => notFromUser(() => perturb(...options)), manifest };
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
