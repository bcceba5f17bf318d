/**
 * The losses of rows while a model is trained on them.
 *
 * @module
 */

import type { TrainingSet } from "../../core/training_set.ts";
import type { Engine } from "../../engine/engine.ts";
import { batches, noAugmentation } from "../../train/mod.ts";
import { rankByLoss } from "./loss_ranking.ts";
import type { LossesInTraining, Rows } from "./row_defence.ts";
import { chunksOf } from "./rows.ts";

/**
 * Trains a new model, at one rate and without augmentation, and looks at all rows now and then.
 *
 * @param startEngine Makes an engine of a model with weights drawn by a seed; it is disposed of.
 * @param options `set`: what the model is trained on; `rows`: the same, to be read in order;
 * `batchSize`: images of a step; `learningRate`: of each step.
 */
export function lossesInTraining(
  startEngine: (seed: number) => Promise<Pick<Engine, "step" | "classify" | "dispose">>,
  { set, rows, batchSize, learningRate }: {
    readonly set: TrainingSet;
    readonly rows: Rows;
    readonly batchSize: number;
    readonly learningRate: number;
  },
): LossesInTraining {
  return async (steps, { seed, signal, onProgress }) => {
    const engine = await startEngine(seed);
    const losses: Float32Array[] = [];
    let [step, backwards] = [0, 0];
    try {
      for (let epoch = 1; losses.length < steps.length; epoch++) {
        const options = { batchSize, seed, epoch, augmentation: noAugmentation };
        for (const batch of batches(set, options)) {
          if (losses.length === steps.length) break;
          signal?.throwIfAborted();
          await engine.step(batch, learningRate);
          step++;
          backwards += batch.labels.length;
          if (step === steps[losses.length]) losses.push(await lossesOf(engine, rows, signal));
          onProgress?.(step / steps.at(-1)!);
        }
      }
    } finally {
      engine.dispose();
    }
    return { losses, cost: { forwards: losses.length * rows.shape[0], backwards } };
  };
}

async function lossesOf(
  engine: Pick<Engine, "classify">,
  rows: Rows,
  signal: AbortSignal | undefined,
): Promise<Float32Array> {
  const losses = new Float32Array(rows.shape[0]);
  for (const { first, images } of chunksOf(rows)) {
    signal?.throwIfAborted();
    const labels = rows.labels.subarray(first, first + images.shape[0]);
    losses.set(rankByLoss(await engine.classify(images), labels).losses, first);
  }
  return losses;
}
