/**
 * The training of one model from options to the store: data, attack, network, loop, evaluation,
 * manifest. What `train` and `demo` share.
 *
 * @module
 */

import * as tf from "../lib/core/tfjs.ts";
import { fromUser } from "../lib/core/errors.ts";
import { createRandom } from "../lib/core/random.ts";
import { selectImages } from "../lib/core/select_images.ts";
import type { LabelledImages } from "../lib/core/types.ts";
import { VERSION } from "../lib/core/version.ts";
import { loadDataset, type LoadedDataset } from "../lib/data/mod.ts";
import type { Engine } from "../lib/engine/mod.ts";
import { createModel } from "../lib/model/mod.ts";
import { type Attack, createAttack, type PoisonedSet } from "../lib/poison/mod.ts";
import {
  createKvModelStore,
  describeModel,
  type EpochMetrics,
  type ModelManifest,
  type ModelMetrics,
  registerKvScheme,
} from "../lib/registry/mod.ts";
import { findRecipe, type Recipe, train, type TrainResult } from "../lib/train/mod.ts";
import { createTrigger } from "../lib/trigger/mod.ts";
import { describeEngine, startBackend, startEngine } from "./backend.ts";
import { describeMetrics, evaluateModel, metricsOf } from "./evaluation.ts";
import type { ProgressDisplay } from "./progress.ts";

/** What to train. */
export interface TrainingJob {
  readonly dataset: string;
  readonly dataDir?: string;
  readonly model: string;
  readonly attack: string;
  readonly trigger: string;
  readonly source: number | "all";
  readonly target: number;
  readonly poisonRate: number;
  readonly recipe: string;
  /** The recipe's where left out. */
  readonly epochs?: number;
  /** The recipe's where left out. */
  readonly batchSize?: number;
  readonly seed: number;
  /** Images of the training set, of a seeded shuffle; all where left out. */
  readonly limit?: number;
  /** Threads, from 1, that share a step. */
  readonly workers: number;
  /** Name in the store. */
  readonly name: string;
}

/** What a job comes to. */
export interface TrainedModel {
  readonly manifest: ModelManifest;
  readonly parameters: number;
}

/** What a job works with. */
export interface TrainingContext {
  /** Where the model is saved. */
  readonly kv: Deno.Kv;
  readonly progress: ProgressDisplay;
  /** Stops the job; nothing is saved then. */
  readonly signal: AbortSignal;
}

/**
 * Trains a model and saves it as the current version of its name.
 *
 * @throws {UsageError} If the data set has no such class, or the rate makes no poisoned image.
 * @throws The signal's reason, where it fires before the model is saved.
 */
export async function trainModel(
  job: TrainingJob,
  { kv, progress, signal }: TrainingContext,
): Promise<TrainedModel> {
  const recipe = recipeOf(job);
  const dataset = await loadDataset(job.dataset, { dataDir: job.dataDir });
  dataset.warnings.forEach((warning) => progress.note(`warning: ${warning}`));
  const attack = fromUser(() => attackOf(job, dataset));
  const clean = limited(dataset.train, job);
  const set = fromUser(() => attack.poison(clean, { rate: job.poisonRate, seed: job.seed }));
  await startBackend();
  const model = createModel(job.model, {
    input: dataset.shape,
    classes: dataset.labels.length,
    seed: job.seed,
  });
  const engine = await startEngine(model, {
    batchSize: recipe.batchSize,
    workers: job.workers,
    optimizer: recipe.optimizer,
    onFallback: (reason) =>
      progress.note(`training by tfjs, on one core, for the model cannot be compiled: ${reason}`),
  });
  try {
    const { result, history, metrics } = await trainAndEvaluate(engine, {
      set,
      recipe,
      attack,
      test: dataset.test,
      seed: job.seed,
      progress,
      signal,
    });
    engine.save();
    describeModel(model, {
      architecture: job.model,
      dataset: dataset.name,
      attack: set.manifest,
      training: {
        seed: job.seed,
        recipe: recipe.name,
        epochs: recipe.epochs,
        batchSize: recipe.batchSize,
        trainImages: set.rows.length,
        dataDigest: dataset.digest,
        seconds: result.seconds,
        imagesPerSecond: result.imagesPerSecond,
        history,
        engine: describeEngine(engine),
        versions: { edgedoor: VERSION, tfjs: tf.version_core },
      },
      metrics,
      labels: dataset.labels,
      input: dataset.shape,
    });
    return {
      manifest: await save(model, { name: job.name, kv }),
      parameters: model.countParams(),
    };
  } finally {
    progress.stop();
    engine.dispose();
    model.dispose();
  }
}

function recipeOf(job: TrainingJob): Recipe {
  const recipe = findRecipe(job.recipe);
  return {
    ...recipe,
    epochs: job.epochs ?? recipe.epochs,
    batchSize: job.batchSize ?? recipe.batchSize,
  };
}

function attackOf(job: TrainingJob, { labels }: LoadedDataset): Attack {
  return createAttack(job.attack, {
    trigger: job.attack === "none" ? null : createTrigger(job.trigger),
    source: job.source,
    target: job.target,
    classes: labels.length,
  });
}

/** The first images of a seeded shuffle. */
function limited(
  { images, labels }: LabelledImages,
  { limit = labels.length, seed }: TrainingJob,
): LabelledImages {
  if (limit >= labels.length) return { images, labels };
  const rows = createRandom(seed, "limit")
    .shuffle(Uint32Array.from(labels.keys()))
    .subarray(0, limit);
  return {
    images: selectImages(images, rows),
    labels: Uint8Array.from(rows, (row) => labels[row]!),
  };
}

interface Run {
  readonly set: PoisonedSet;
  readonly recipe: Recipe;
  readonly attack: Attack;
  readonly test: LabelledImages;
  readonly seed: number;
  readonly progress: ProgressDisplay;
  readonly signal: AbortSignal;
}

async function trainAndEvaluate(
  engine: Engine,
  { set, recipe, attack, test, seed, progress, signal }: Run,
): Promise<{ result: TrainResult; history: EpochMetrics[]; metrics: ModelMetrics }> {
  const history: EpochMetrics[] = [];
  const evaluations: ModelMetrics[] = [];
  const result = await train(engine, set, {
    recipe,
    seed,
    signal,
    onStep: (step) => progress.update(step),
    async onEpoch({ epoch, loss, seconds }) {
      const metrics = metricsOf(await evaluateModel(engine, { test, attack, signal }));
      evaluations.push(metrics);
      const { cleanAccuracy, attackSuccessRate } = metrics;
      history.push({ epoch, loss, cleanAccuracy, attackSuccessRate, seconds });
      progress.note(
        `epoch ${epoch}/${recipe.epochs}: loss ${loss.toFixed(4)}, ${describeMetrics(metrics)}`,
      );
    },
  });
  // There is one for each epoch, and a job has at least one.
  return { result, history, metrics: evaluations.at(-1)! };
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
