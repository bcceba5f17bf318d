/**
 * Training sets that are to be looked through: a data set's own, one that a model's manifest tells how
 * to make, or one in a file.
 *
 * @module
 */

import { UsageError } from "../../core/errors.ts";
import { rowsOf, type TrainingSet } from "../../core/training_set.ts";
import { type Rows, rowsOfImages } from "../../defence/mod.ts";
import { readPoisonedNpz } from "../../data/mod.ts";
import { materialise } from "../../poison/mod.ts";
import type { ModelManifest } from "../../registry/mod.ts";
import type { JobContext } from "../context.ts";
import { DEFAULT_TRIGGER } from "../defaults.ts";
import type { DataJob } from "../job.ts";
import { requireDataset } from "../evaluate_stored.ts";
import { loadTrainingData } from "../training_data.ts";

/** A training set, and what is known of it. */
export interface TrainingRows {
  /** What it is, for people: `"the training set of NAME"`. */
  readonly what: string;
  readonly rows: Rows;
  /** 1 where a row is poisoned, `(M)`; `null` if nobody knows. */
  readonly poisoned: Uint8Array | null;
}

/**
 * The training set that a model was trained on, made again by its manifest.
 *
 * @throws {UsageError} If the manifest does not tell how, or images were perturbed.
 * @throws The signal's reason, if it fires.
 */
export async function rowsOfModel(
  manifest: ModelManifest,
  context: JobContext,
): Promise<TrainingRows> {
  const { name, attack, training } = requireTold(manifest);
  const job = dataJobOf(manifest);
  const wanted = training.trainImages;
  // A manifest does not tell whether images were left out, nor whether the attack has added its own.
  for (const limit of [undefined, wanted - attack.poisoned, wanted]) {
    const { set } = await loadTrainingData({ ...job, ...limit && { limit } }, context);
    if (set.rows.length !== wanted) continue;
    return {
      what: `the training set of ${name}`,
      rows: rowsOfSet(set),
      poisoned: set.poisoned,
    };
  }
  throw new UsageError(
    `Cannot make the training set of model "${name}" again: it must have ${wanted} rows, as its ` +
      "manifest says, got others; write it out by poison, and give the file",
  );
}

/**
 * The training set of a data set, as it is.
 *
 * @throws The signal's reason, if it fires.
 */
export async function rowsOfDataset(dataset: string, context: JobContext): Promise<TrainingRows> {
  const { set } = await loadTrainingData({
    ...{ dataset, attack: "none", trigger: DEFAULT_TRIGGER, source: "all" },
    ...{ target: 0, poisonRate: 0, seed: 1 },
  }, context);
  return { what: `the training set of ${dataset}`, rows: rowsOfSet(set), poisoned: set.poisoned };
}

/**
 * A training set in a file that `poison` has written, or NumPy with the same names.
 *
 * @throws {IntegrityError} If it is none.
 */
export function rowsOfFile(bytes: Uint8Array, name: string): TrainingRows {
  const { train, poisoned } = readPoisonedNpz(bytes, { name });
  return { what: name, rows: rowsOfImages(train), poisoned };
}

/** A training set as rows: each is stamped when it is read. */
export function rowsOfSet(set: TrainingSet): Rows {
  const [, ...shape] = set.images.shape;
  return {
    shape: [set.rows.length, ...shape],
    labels: set.labels,
    read: (first, end) =>
      materialise(rowsOf(set, Array.from({ length: end - first }, (_, i) => first + i))).images,
  };
}

/** A manifest that tells how its model was trained, on images as they were but for the trigger. */
function requireTold({ name, attack, training }: ModelManifest) {
  const perturbation = attack?.perturbation?.kind ?? "none";
  if (attack !== null && training !== null && perturbation === "none") {
    return { name, attack, training };
  }
  throw new UsageError(
    `Cannot make the training set of model "${name}" again: its manifest must tell how it was ` +
      `trained, on images that were not perturbed, got ${
        attack === null || training === null ? "none" : `perturbation ${perturbation}`
      }; write the set out by poison, and give the file`,
  );
}

function dataJobOf(manifest: ModelManifest): DataJob {
  const { attack, training } = requireTold(manifest);
  const { kind, trigger, source, target, numbers, poisonRate, withReplacement } = attack;
  return {
    ...{ dataset: requireDataset(manifest), attack: kind, source, poisonRate, seed: training.seed },
    trigger: trigger ?? DEFAULT_TRIGGER,
    target: target ?? 0,
    ...numbers && { attackNumbers: numbers },
    ...withReplacement !== undefined && { withReplacement },
  };
}
