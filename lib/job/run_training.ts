/**
 * One training run from a job to figures: data, attack, network, loop, evaluation, description.
 * It knows no store: `trainModel` saves what it comes to, an experiment keeps its figures.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import type { Engine } from "../engine/mod.ts";
import type { Evaluation } from "../evaluate/mod.ts";
import type { PoisonedSet } from "../poison/mod.ts";
import type { ModelDescription } from "../registry/mod.ts";
import { describeEngine } from "./backend.ts";
import type { JobContext } from "./context.ts";
import { metricsOf } from "./evaluate_model.ts";
import type { TrainingJob } from "./job.ts";
import { trainNetwork } from "./train_network.ts";
import { loadTrainingData } from "./training_data.ts";

/** What a job comes to, until it is disposed of. */
export interface TrainingRun extends Disposable {
  /** With the weights that were trained. */
  readonly model: tf.LayersModel;
  readonly engine: Engine;
  /** What it was trained on. */
  readonly set: PoisonedSet;
  /** On the whole test set, after the last epoch. */
  readonly evaluation: Evaluation;
  /** Options, figures and versions. */
  readonly description: TrainedDescription;
}

/** The description of a model that was trained here. */
export type TrainedDescription = ModelDescription & {
  readonly attack: NonNullable<ModelDescription["attack"]>;
  readonly training: NonNullable<ModelDescription["training"]>;
  readonly metrics: NonNullable<ModelDescription["metrics"]>;
};

/**
 * Trains a model.
 *
 * @returns The model and all about it; dispose of it.
 * @throws {UsageError} If the data set has no such class, or the rate makes no poisoned image.
 * @throws The signal's reason, if it fires.
 */
export async function runTraining(
  job: TrainingJob,
  context: JobContext,
): Promise<TrainingRun> {
  const { dataset, attack, set } = await loadTrainingData(job, context);
  const network = await trainNetwork(job, { dataset, attack, set, seed: job.seed }, context);
  const { model, engine, recipe, result, history, evaluation } = network;
  const description: TrainedDescription = {
    architecture: job.model,
    dataset: dataset.name,
    attack: set.manifest,
    training: {
      seed: job.seed,
      recipe: recipe.name,
      augmentation: recipe.augmentation,
      ...job.depth === undefined ? {} : { depth: job.depth },
      epochs: recipe.epochs,
      batchSize: recipe.batchSize,
      ...job.learningRateFactor === undefined ? {} : { learningRateFactor: job.learningRateFactor },
      trainImages: set.rows.length,
      dataDigest: dataset.digest,
      seconds: result.seconds,
      imagesPerSecond: result.imagesPerSecond,
      history,
      engine: describeEngine(engine, context.runtime),
      versions: { edgedoor: context.runtime.version, tfjs: tf.version_core },
    },
    metrics: metricsOf(evaluation),
    labels: dataset.labels,
    input: dataset.shape,
  };
  return {
    model,
    engine,
    set,
    evaluation,
    description,
    [Symbol.dispose]: () => network[Symbol.dispose](),
  };
}
