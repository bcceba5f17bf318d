/**
 * The training of one model from a job to the store. What `train` and `demo` share.
 *
 * @module
 */

import type { ModelManifest, ModelStore } from "../registry/mod.ts";
import { saveModel } from "../registry/tfjs.ts";
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
 * nothing. What the store does not take is kept in a file, which the error names.
 *
 * @param context.store Where the model is saved.
 * @param context.keepIn Folders for that file, the first that takes it.
 * @throws {UsageError} If the data set has no such class, or the rate makes no poisoned image.
 * @throws {Error} If the model could not be saved; before it is trained, if that can be known.
 * @throws The signal's reason, if it fires before the model is saved.
 */
export async function trainModel(
  job: NamedTrainingJob,
  { store, keepIn, ...context }: JobContext & {
    readonly store: ModelStore;
    readonly keepIn: readonly string[];
  },
): Promise<TrainedModel> {
  await store.checkSavable(job.name);
  using run = await runTraining(job, context);
  const { description } = run;
  return {
    manifest: await saveModel(run.model, { name: job.name, store, description, keepIn }),
    parameters: run.model.countParams(),
  };
}
