/**
 * The training of one model from options to the store. What `train` and `demo` share.
 *
 * @module
 */

import type * as tf from "../lib/core/tfjs.ts";
import {
  createKvModelStore,
  describeModel,
  type ModelManifest,
  registerKvScheme,
} from "../lib/registry/mod.ts";
import { runTraining, type TrainingContext, type TrainingJob } from "./run_training.ts";

/** What to train, and under which name to store it. */
export interface NamedTrainingJob extends TrainingJob {
  /** Name in the store. */
  readonly name: string;
}

/** What a job comes to. */
export interface TrainedModel {
  readonly manifest: ModelManifest;
  readonly parameters: number;
}

/**
 * Trains a model and saves it as the current version of its name. A run that is stopped saves
 * nothing.
 *
 * @param options.kv Where the model is saved.
 * @throws {UsageError} If the data set has no such class, or the rate makes no poisoned image.
 * @throws The signal's reason, where it fires before the model is saved.
 */
export async function trainModel(
  job: NamedTrainingJob,
  { kv, ...context }: TrainingContext & { readonly kv: Deno.Kv },
): Promise<TrainedModel> {
  using run = await runTraining(job, context);
  describeModel(run.model, run.description);
  return {
    manifest: await save(run.model, { name: job.name, kv }),
    parameters: run.model.countParams(),
  };
}

async function save(
  model: tf.LayersModel,
  { name, kv }: { name: string; kv: Deno.Kv },
): Promise<ModelManifest> {
  const store = createKvModelStore(kv);
  const saved = Promise.withResolvers<ModelManifest>();
  const unregister = registerKvScheme({
    ...store,
    // Caught on its way, for tfjs does not hand it on, and to look it up again could find what
    // another program has saved under the name meanwhile.
    async save(...model) {
      const manifest = await store.save(...model);
      saved.resolve(manifest);
      return manifest;
    },
  });
  try {
    await model.save(`kv://${name}`);
  } finally {
    unregister();
  }
  return await saved.promise;
}
