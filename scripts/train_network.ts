/**
 * The training of one network on a set that is there: model, engine, loop, evaluation. What a job's
 * model and the proxies of its attack have in common.
 *
 * @module
 */

import type * as tf from "../lib/core/tfjs.ts";
import { fromUser } from "../lib/core/errors.ts";
import type { TrainingSet } from "../lib/core/training_set.ts";
import type { LoadedDataset } from "../lib/data/mod.ts";
import type { Engine } from "../lib/engine/mod.ts";
import type { Evaluation } from "../lib/evaluate/mod.ts";
import { createModel } from "../lib/model/mod.ts";
import type { Attack } from "../lib/poison/mod.ts";
import type { EpochMetrics } from "../lib/registry/mod.ts";
import {
  type Augmentation,
  findRecipe,
  type Recipe,
  train,
  type TrainOptions,
  type TrainResult,
} from "../lib/train/mod.ts";
import { startBackend, startEngine } from "./backend.ts";
import { describeMetrics, evaluateModel, metricsOf } from "./evaluation.ts";
import type { ProgressDisplay } from "./cli/progress.ts";

/** Which network, and how it is trained. */
export interface NetworkJob {
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

/** What a network is trained and evaluated on. */
export interface NetworkData {
  readonly dataset: LoadedDataset;
  readonly set: TrainingSet;
  /** What it is evaluated under. */
  readonly attack: Attack;
  readonly seed: number;
  /** Attacks the batches of each step, for adversarial training. */
  readonly attackBatchBy?: (engine: Engine) => TrainOptions["attackBatch"];
}

/** A network with the weights that were trained, until it is disposed of. */
export interface TrainedNetwork extends Disposable {
  readonly model: tf.LayersModel;
  readonly engine: Engine;
  readonly recipe: Recipe;
  readonly result: TrainResult;
  readonly history: readonly EpochMetrics[];
  /** On the whole test set, after the last epoch. */
  readonly evaluation: Evaluation;
}

/**
 * Trains a network.
 *
 * @returns The network; dispose of it.
 * @throws {UsageError} If the network or the recipe does not take an option.
 * @throws The signal's reason, where it fires.
 */
export async function trainNetwork(
  job: NetworkJob,
  { dataset, set, attack, seed, attackBatchBy }: NetworkData,
  { progress, signal, evaluateEpochs = true }: TrainingContext,
): Promise<TrainedNetwork> {
  const recipe = recipeOf(job);
  await startBackend();
  using stack = new DisposableStack();
  const model = stack.adopt(
    fromUser(() =>
      createModel(job.model, {
        input: dataset.shape,
        classes: dataset.labels.length,
        seed,
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
  const history: EpochMetrics[] = [];
  const evaluations: Evaluation[] = [];
  const result = await train(engine, set, {
    recipe,
    seed,
    signal,
    attackBatch: attackBatchBy?.(engine),
    onStep: (step) => progress.update(step),
    async onEpoch({ epoch, loss, seconds }) {
      if (!evaluateEpochs && epoch < recipe.epochs) return;
      const evaluation = await evaluateModel(engine, { test: dataset.test, attack, signal });
      evaluations.push(evaluation);
      const metrics = metricsOf(evaluation);
      const { cleanAccuracy, attackSuccessRate } = metrics;
      history.push({ epoch, loss, cleanAccuracy, attackSuccessRate, seconds });
      progress.note(
        `epoch ${epoch}/${recipe.epochs}: loss ${loss.toFixed(4)}, ${describeMetrics(metrics)}`,
      );
    },
  });
  engine.save();
  const disposables = stack.move();
  return {
    model,
    engine,
    recipe,
    result,
    history,
    // There is one of the last epoch at least.
    evaluation: evaluations.at(-1)!,
    [Symbol.dispose]: () => disposables.dispose(),
  };
}

/** The recipe of a job, with what the job has otherwise. */
export function recipeOf(job: NetworkJob): Recipe {
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

/** A job without what does not belong to its network. */
export function networkOf(job: NetworkJob): NetworkJob {
  const { model, depth, recipe, augmentation, epochs, batchSize, workers } = job;
  const { learningRateFactor } = job;
  return { model, depth, recipe, augmentation, epochs, batchSize, learningRateFactor, workers };
}
