/**
 * The training of one network on a set that is there: model, engine, loop, evaluation. What a job's
 * model and the proxies of its attack have in common.
 *
 * @module
 */

import type * as tf from "../core/tfjs.ts";
import type { TrainingSet } from "../core/training_set.ts";
import type { LoadedDataset } from "../data/mod.ts";
import type { Engine } from "../engine/mod.ts";
import type { Evaluation } from "../evaluate/mod.ts";
import { createModel } from "../model/mod.ts";
import type { Attack } from "../poison/mod.ts";
import type { EpochMetrics } from "../registry/mod.ts";
import { type Recipe, train, type TrainOptions, type TrainResult } from "../train/mod.ts";
import { startBackend, startEngine } from "./backend.ts";
import type { JobContext } from "./context.ts";
import { evaluateModel, metricsOf } from "./evaluate_model.ts";
import type { NetworkJob } from "./job.ts";
import { recipeOf } from "./recipe_of.ts";

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
 * @throws The signal's reason, if it fires.
 */
export async function trainNetwork(
  job: NetworkJob,
  { dataset, set, attack, seed, attackBatchBy }: NetworkData,
  { runtime, onEvent, signal, evaluateEpochs = true }: JobContext,
): Promise<TrainedNetwork> {
  const recipe = recipeOf(job);
  await startBackend(runtime);
  using stack = new DisposableStack();
  const model = stack.adopt(
    createModel(job.model, {
      input: dataset.shape,
      classes: dataset.labels.length,
      seed,
      depth: job.depth,
      statistics: dataset.statistics,
    }),
    (model) => model.dispose(),
  );
  const engine = stack.adopt(
    await startEngine(model, runtime, {
      batchSize: recipe.batchSize,
      workers: job.workers,
      optimizer: recipe.optimizer,
      onFallback: (reason) =>
        onEvent({
          kind: "warning",
          text: `training by tfjs, on one core, for the model cannot be compiled: ${reason}`,
        }),
    }),
    (engine) => engine.dispose(),
  );
  const history: EpochMetrics[] = [];
  const evaluations: Evaluation[] = [];
  const result = await train(engine, set, {
    recipe,
    seed,
    signal,
    attackBatch: attackBatchBy?.(engine),
    onStep: (progress) => onEvent({ kind: "step", progress }),
    async onEpoch({ epoch, loss, seconds }) {
      if (!evaluateEpochs && epoch < recipe.epochs) return;
      const evaluation = await evaluateModel(engine, { test: dataset.test, attack, signal });
      evaluations.push(evaluation);
      const metrics = metricsOf(evaluation);
      const { cleanAccuracy, attackSuccessRate } = metrics;
      history.push({ epoch, loss, cleanAccuracy, attackSuccessRate, seconds });
      onEvent({ kind: "epoch", epoch, epochs: recipe.epochs, loss, metrics });
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
