/**
 * One training run from options to figures: data, attack, network, loop, evaluation, description.
 * It knows no store: `train` saves what it comes to, `reproduce` keeps its figures.
 *
 * @module
 */

import * as tf from "../lib/core/tfjs.ts";
import { fromUser } from "../lib/core/errors.ts";
import type { LabelledImages } from "../lib/core/types.ts";
import { VERSION } from "../lib/core/version.ts";
import type { LoadedDataset } from "../lib/data/mod.ts";
import type { Engine } from "../lib/engine/mod.ts";
import type { Evaluation } from "../lib/evaluate/mod.ts";
import { createModel } from "../lib/model/mod.ts";
import type { Attack, PoisonedSet } from "../lib/poison/mod.ts";
import type { EpochMetrics, ModelDescription } from "../lib/registry/mod.ts";
import {
  type Augmentation,
  findRecipe,
  type Recipe,
  train,
  type TrainResult,
} from "../lib/train/mod.ts";
import { describeEngine, startBackend, startEngine } from "./backend.ts";
import { describeMetrics, evaluateModel, metricsOf } from "./evaluation.ts";
import type { ProgressDisplay } from "./progress.ts";
import { type DataJob, loadTrainingData } from "./training_data.ts";

/** What to train. */
export interface TrainingJob extends DataJob {
  readonly model: string;
  /** The network's own where left out. */
  readonly depth?: number;
  readonly recipe: string;
  /** The recipe's where left out. */
  readonly augmentation?: Augmentation;
  /** The recipe's where left out. */
  readonly epochs?: number;
  /** The recipe's where left out. */
  readonly batchSize?: number;
  /** The recipe's rate is multiplied by this, above 0; 1 where left out. */
  readonly learningRateFactor?: number;
  /** Threads, from 1, that share a step. */
  readonly workers: number;
}

/** How a job runs. */
export interface TrainingContext {
  readonly progress: ProgressDisplay;
  /** Stops the job. */
  readonly signal: AbortSignal;
  /** Whether each epoch is evaluated, not the last one alone; default true. */
  readonly evaluateEpochs?: boolean;
}

/** What a job comes to, until it is disposed of. */
export interface TrainingRun extends Disposable {
  /** With the weights that were trained. */
  readonly model: tf.LayersModel;
  readonly engine: Engine;
  /** What it was trained on. */
  readonly set: PoisonedSet;
  readonly attack: Attack;
  readonly dataset: LoadedDataset;
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
 * @throws The signal's reason, where it fires.
 */
export async function runTraining(
  job: TrainingJob,
  { progress, signal, evaluateEpochs = true }: TrainingContext,
): Promise<TrainingRun> {
  const recipe = recipeOf(job);
  const { dataset, attack, set } = await loadTrainingData(job, (line) => progress.note(line));
  await startBackend();
  using stack = new DisposableStack();
  const model = stack.adopt(
    fromUser(() =>
      createModel(job.model, {
        input: dataset.shape,
        classes: dataset.labels.length,
        seed: job.seed,
        depth: job.depth,
        statistics: dataset.statistics,
      })
    ),
    (model) => model.dispose(),
  );
  const engine = stack.adopt(
    await startEngine(model, {
      batchSize: recipe.batchSize,
      workers: job.workers,
      optimizer: recipe.optimizer,
      onFallback: (reason) =>
        progress.note(`training by tfjs, on one core, for the model cannot be compiled: ${reason}`),
    }),
    (engine) => engine.dispose(),
  );
  stack.defer(() => progress.stop());
  const { result, history, evaluation } = await trainAndEvaluate(engine, {
    set,
    recipe,
    attack,
    test: dataset.test,
    seed: job.seed,
    progress,
    signal,
    evaluateEpochs,
  });
  engine.save();
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
      engine: describeEngine(engine),
      versions: { edgedoor: VERSION, tfjs: tf.version_core },
    },
    metrics: metricsOf(evaluation),
    labels: dataset.labels,
    input: dataset.shape,
  };
  const disposables = stack.move();
  return {
    model,
    engine,
    set,
    attack,
    dataset,
    evaluation,
    description,
    [Symbol.dispose]: () => disposables.dispose(),
  };
}

function recipeOf(job: TrainingJob): Recipe {
  const recipe = findRecipe(job.recipe);
  const { learningRateFactor = 1 } = job;
  return {
    ...recipe,
    augmentation: job.augmentation ?? recipe.augmentation,
    epochs: job.epochs ?? recipe.epochs,
    batchSize: job.batchSize ?? recipe.batchSize,
    learningRate: (progress) => learningRateFactor * recipe.learningRate(progress),
  };
}

interface Run extends Required<TrainingContext> {
  readonly set: PoisonedSet;
  readonly recipe: Recipe;
  readonly attack: Attack;
  readonly test: LabelledImages;
  readonly seed: number;
}

async function trainAndEvaluate(
  engine: Engine,
  { set, recipe, attack, test, seed, progress, signal, evaluateEpochs }: Run,
): Promise<{ result: TrainResult; history: EpochMetrics[]; evaluation: Evaluation }> {
  const history: EpochMetrics[] = [];
  const evaluations: Evaluation[] = [];
  const result = await train(engine, set, {
    recipe,
    seed,
    signal,
    onStep: (step) => progress.update(step),
    async onEpoch({ epoch, loss, seconds }) {
      if (!evaluateEpochs && epoch < recipe.epochs) return;
      const evaluation = await evaluateModel(engine, { test, attack, signal });
      evaluations.push(evaluation);
      const metrics = metricsOf(evaluation);
      const { cleanAccuracy, attackSuccessRate } = metrics;
      history.push({ epoch, loss, cleanAccuracy, attackSuccessRate, seconds });
      progress.note(
        `epoch ${epoch}/${recipe.epochs}: loss ${loss.toFixed(4)}, ${describeMetrics(metrics)}`,
      );
    },
  });
  // There is one of the last epoch at least.
  return { result, history, evaluation: evaluations.at(-1)! };
}
