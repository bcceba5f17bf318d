/**
 * The data of a job: a data set, an attack, and what the attack makes of the training images. What
 * is trained on, and what `poison` writes out.
 *
 * @module
 */

import { fromUser } from "../core/errors.ts";
import { formatCount } from "../core/format.ts";
import { createRandom } from "../core/random.ts";
import { selectLabelled } from "../core/select_images.ts";
import type { LabelledImages } from "../core/types.ts";
import { loadDataset, type LoadedDataset } from "../data/mod.ts";
import {
  type Attack,
  createAttack,
  type ImagePerturbation,
  type PoisonedSet,
} from "../poison/mod.ts";
import { createPerturbation } from "./perturbation/perturbation.ts";
import { REVISION } from "./complete_job.ts";
import type { JobContext } from "./context.ts";
import type { OnEvent } from "./events.ts";
import type { DataJob } from "./job.ts";
import { resolveTrigger } from "./resolve_trigger.ts";

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
 * @throws {UsageError} If the data set has no such class, the rate makes no poisoned image, or the
 * trigger does not lie within the images; said before the work.
 * @throws The signal's reason, if it fires.
 */
export async function loadTrainingData(job: DataJob, context: JobContext): Promise<TrainingData> {
  const { dataDir, onEvent, signal } = context;
  const dataset = await loadDataset(job.dataset, {
    dataDir,
    signal,
    onEvent,
  });
  dataset.warnings.forEach((text) => onEvent({ kind: "warning", text }));
  warnOfLimit(job, dataset, onEvent);
  const indices = chosenImages(dataset.train.labels.length, job);
  const clean = limited(dataset.train, indices);
  const attack = checkedAttack(job, { dataset, clean, context });
  const set = await attack.poison(clean, { rate: job.poisonRate, seed: job.seed });
  return { dataset, attack, set: { ...set, indices } };
}

/** A limit that limits nothing may be a slip. */
function warnOfLimit(
  { limit = 0 }: DataJob,
  { name, train }: LoadedDataset,
  onEvent: OnEvent,
): void {
  const count = train.labels.length;
  if (limit <= count) return;
  const text =
    `a limit of ${formatCount(limit)} is above the ${formatCount(count)} training images ` +
    `of ${name}: all ${formatCount(count)} are taken`;
  onEvent({ kind: "warning", text });
}

/** The attack, if it can be made on these images: all that a user can have got wrong is checked here. */
function checkedAttack(
  job: DataJob,
  { dataset, clean, context }: {
    dataset: LoadedDataset;
    clean: LabelledImages;
    context: JobContext;
  },
): Attack {
  const perturbation = jobPerturbation(job, { dataset, clean, context });
  return fromUser(() => {
    const attack = createAttack(job.attack, {
      trigger: resolveTrigger(job),
      source: job.source,
      target: job.target,
      classes: dataset.labels.length,
      perturbation,
      withReplacement: job.withReplacement,
      numbers: job.attackNumbers,
    });
    attack.trigger?.pixels(dataset.shape);
    attack.check(clean.labels, job.poisonRate);
    return attack;
  });
}

/** The perturbation of a job and, if the context has a way to, its memory; `null` for none. */
function jobPerturbation(
  { perturbation = { kind: "none" }, proxyNetwork: network, seed, limit }: DataJob,
  { dataset, clean, context }: {
    dataset: LoadedDataset;
    clean: LabelledImages;
    context: JobContext;
  },
): ImagePerturbation | null {
  if (perturbation.kind === "none") return null;
  if (network === undefined) {
    throw new TypeError(
      `Cannot make data: a job with perturbation ${perturbation.kind} must have a proxyNetwork, got ` +
        "none; make jobs by resolveJob or resolveData",
    );
  }
  const made = createPerturbation(perturbation, { dataset, clean, network, seed, context });
  const { digest } = dataset;
  const numbers = { perturbation: made.manifest, network, digest, seed, limit, revision: REVISION };
  // As JSON: what is not given is left out.
  const key = JSON.parse(JSON.stringify(numbers));
  return { ...made, perturb: context.remember?.(made.perturb, { key, clean }) ?? made.perturb };
}

/** All images, or the first of a seeded shuffle. */
function chosenImages(count: number, { limit = count, seed }: DataJob): Uint32Array {
  const all = Uint32Array.from({ length: count }, (_, image) => image);
  return limit >= count ? all : createRandom(seed, "limit").shuffle(all).slice(0, limit);
}

function limited({ images, labels }: LabelledImages, chosen: Uint32Array): LabelledImages {
  if (chosen.length === labels.length) return { images, labels };
  return selectLabelled({ images, labels }, chosen);
}
