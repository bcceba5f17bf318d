/**
 * The data filter of the clean-label paper: a model of a small clean part of the data, by which
 * training sets are ranked.
 *
 * @module
 */

import { type LossRanking, rankByLoss } from "../../lib/defence/mod.ts";
import type { Engine } from "../../lib/engine/mod.ts";
import { type PoisonedSet, stampedChunks } from "../../lib/poison/mod.ts";
import type { NetworkSetup } from "../../lib/report/mod.ts";
import { findRecipe } from "../../lib/train/mod.ts";
import { runTraining, type TrainingContext, type TrainingJob } from "../run_training.ts";

/** Which model filters: a network, the recipe's own augmentation, a small clean part. */
export interface FilterJob extends
  Pick<
    TrainingJob,
    "dataset" | "dataDir" | "model" | "depth" | "recipe" | "seed" | "workers"
  > {
  /** Images of the clean part, the first of a seeded shuffle. */
  readonly cleanImages: number;
  readonly epochs: number;
  /** The recipe's rate shrinks as its batch does. */
  readonly batchSize: number;
}

/** A model that ranks training sets, until it is disposed of. */
export interface DataFilter extends Disposable {
  readonly setup: NetworkSetup;
  /** Of the model, on the test set. */
  readonly cleanAccuracy: number;
  /**
   * Ranks a training set by the model's loss. The clean part's own images are in it as a rule, and
   * rank low.
   *
   * @throws The signal's reason, where it fires.
   */
  rank(set: PoisonedSet): Promise<LossRanking>;
}

/**
 * Trains the model of a data filter.
 *
 * @returns The filter, for as many training sets as wanted; dispose of it.
 * @throws The signal's reason, where it fires.
 */
export async function trainFilter(
  { model, depth, recipe, epochs, batchSize, cleanImages, ...job }: FilterJob,
  context: TrainingContext,
): Promise<DataFilter> {
  const { augmentation, batchSize: usual } = findRecipe(recipe);
  const learningRateFactor = batchSize / usual;
  const setup = { model, depth, recipe, epochs, batchSize, learningRateFactor, augmentation };
  const run = await runTraining({
    ...job,
    ...setup,
    limit: cleanImages,
    // The part is clean.
    attack: "none",
    trigger: "pattern",
    source: "all",
    target: 0,
    poisonRate: 0,
  }, context);
  return {
    setup,
    cleanAccuracy: run.description.metrics.cleanAccuracy,
    rank: (set) => rankSet(run.engine, set, context.signal),
    [Symbol.dispose]: () => run[Symbol.dispose](),
  };
}

async function rankSet(
  engine: Engine,
  set: PoisonedSet,
  signal: AbortSignal,
): Promise<LossRanking> {
  let probabilities = new Float32Array();
  for (const { first, images } of stampedChunks(set)) {
    const chunk = await engine.classify(images, { onChunk: () => signal.throwIfAborted() });
    const classes = chunk.length / images.shape[0];
    if (first === 0) probabilities = new Float32Array(set.rows.length * classes);
    probabilities.set(chunk, first * classes);
  }
  return rankByLoss(probabilities, set.labels);
}
