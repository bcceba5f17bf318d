/**
 * The training of one model from a job to the store. What `train` and `demo` share.
 *
 * @module
 */

import { type ModelManifest, type ModelStore, saveModel } from "../registry/mod.ts";
import type { JobContext } from "./context.ts";
import type { NamedTrainingJob } from "./job.ts";
import { runTraining } from "./run_training.ts";

/** What a job comes to. */
export interface TrainedModel {
  readonly manifest: ModelManifest;
  readonly parameters: number;
}

/**
 * Trains a model and saves it as the current version of its name. A run that is stopped saves
 * nothing.
 *
 * @param context.store Where the model is saved.
 * @throws {UsageError} If the data set has no such class, or the rate makes no poisoned image.
 * @throws The signal's reason, if it fires before the model is saved.
 */
export async function trainModel(
  job: NamedTrainingJob,
  { store, ...context }: JobContext & { readonly store: ModelStore },
): Promise<TrainedModel> {
  using run = await runTraining(job, context);
  return {
    manifest: await saveModel(run.model, { name: job.name, store, description: run.description }),
    parameters: run.model.countParams(),
  };
}
