/**
 * The training loop.
 *
 * @module
 */

import type { ImageBatch, LabelledImages } from "../core/types.ts";
import type { Engine } from "../engine/mod.ts";
import { batches } from "./batches.ts";
import type { Recipe } from "./recipe.ts";
import type { TrainingSet } from "../core/training_set.ts";

/** How far a training run has come. */
export interface TrainProgress {
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Images done and to do, over all epochs. */
  readonly images: number;
  readonly totalImages: number;
  /** Mean loss since the epoch began, nats. */
  readonly loss: number;
  /** Seconds spent in training so far, without what `onEpoch` takes. */
  readonly seconds: number;
}

/** What one pass over the training set came to. */
export interface EpochResult {
  readonly epoch: number;
  readonly loss: number;
  readonly seconds: number;
}

/** How to train. */
export interface TrainOptions {
  readonly recipe: Recipe;
  readonly seed: number;
  /** Stops the run between two steps; `train` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Makes the images that a step is trained on out of its batch, by the weights before the step:
   * adversarial training (Mądry et al., arXiv 1706.06083). Labels stay; `step` counts from 1.
   */
  readonly attackBatch?: (batch: LabelledImages, step: number) => Promise<ImageBatch>;
  /** Called after each step. */
  readonly onStep?: (progress: TrainProgress) => void;
  /** Called, and waited for, after each epoch: the place for evaluation. */
  readonly onEpoch?: (result: EpochResult) => Promise<void> | void;
}

/** Figures of a whole training run; time without evaluation. */
export interface TrainResult {
  readonly epochs: readonly EpochResult[];
  readonly seconds: number;
  readonly imagesPerSecond: number;
}

/** The loss of a training run is no longer a finite number: nothing can come of it. */
export class DivergenceError extends Error {
  override readonly name = "DivergenceError";
}

/** A step that has been asked for. */
interface Running {
  readonly loss: Promise<number>;
  readonly count: number;
}

/**
 * Trains a model. The same set, recipe, seed, engine and number of workers give bit-identical
 * weights on the same machine.
 *
 * @param engine Has the model, and keeps its weights: an engine's `save` writes them to it.
 * @param set The training set, poisoned or not.
 * @throws The signal's reason, if it fires; the model is then somewhere on the way.
 * @throws {RangeError} If the set has no rows, or the recipe is out of range.
 * @throws {DivergenceError} If the loss is no longer a finite number.
 */
export async function train(
  engine: Pick<Engine, "step">,
  set: TrainingSet,
  { recipe, seed, signal, attackBatch, onStep, onEpoch }: TrainOptions,
): Promise<TrainResult> {
  const { epochs, batchSize, augmentation } = recipe;
  const totalImages = set.rows.length * epochs;
  if (!(totalImages > 0)) {
    throw new RangeError(
      `Cannot train: there must be images and epochs, got ${set.rows.length} and ${epochs}`,
    );
  }
  const results: EpochResult[] = [];
  let images = 0;
  let steps = 0;
  let seconds = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    let lossSum = 0;
    let seen = 0;
    const secondsBefore = seconds;
    let resumed = performance.now();
    const take = async ({ loss: running, count }: Running) => {
      const loss = await running;
      if (!Number.isFinite(loss)) {
        throw new DivergenceError(
          `Cannot go on training: the loss must be a finite number, got ${loss} after ` +
            `${images} images; use another seed or recipe`,
        );
      }
      seen += count;
      images += count;
      lossSum += loss * count;
      const now = performance.now();
      seconds += (now - resumed) / 1000;
      resumed = now;
      onStep?.({ epoch, epochs, images, totalImages, loss: lossSum / seen, seconds });
    };
    // One step is always asked for while another runs, so that no thread waits for its batch.
    let running: Running | null = null;
    for (const batch of batches(set, { batchSize, seed, epoch, augmentation })) {
      signal?.throwIfAborted();
      const count = batch.labels.length;
      const asked: number = images + (running?.count ?? 0);
      steps++;
      const trained: LabelledImages = attackBatch
        ? { images: await attackBatch(batch, steps), labels: batch.labels }
        : batch;
      const next: Running = {
        loss: engine.step(trained, recipe.learningRate(asked / totalImages)),
        count,
      };
      // If the step before it fails, nobody asks what became of this one.
      next.loss.catch(() => {});
      if (running !== null) await take(running);
      running = next;
    }
    if (running !== null) await take(running);
    const result = { epoch, loss: lossSum / seen, seconds: seconds - secondsBefore };
    results.push(result);
    await onEpoch?.(result);
  }
  return { epochs: results, seconds, imagesPerSecond: totalImages / seconds };
}
