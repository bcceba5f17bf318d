/**
 * Training on the defender's images, which several repairs come to.
 *
 * @module
 */

import type { TrainingSet } from "../../core/training_set.ts";
import type { LabelledImages } from "../../core/types.ts";
import type { Optimizer } from "../../engine/mod.ts";
import { noAugmentation, train } from "../../train/mod.ts";
import type { Meter } from "../meter.ts";
import { type ReversedTrigger, stampReversed } from "../model/mod.ts";
import type { RepairableModel } from "./repair.ts";

export const MOMENTUM = 0.9;

/** What repairs train with, as BackdoorBench does. */
export const SGD = {
  kind: "sgd",
  momentum: MOMENTUM,
  nesterov: false,
  weightDecay: 5e-4,
} as const satisfies Optimizer;

const BATCH = 64;

/** What a repair's training takes, but for the defaults. */
export function tuningParameters(epochs: number, learningRate: number) {
  return {
    epochs: {
      type: "integer",
      description: "passes over the clean images",
      default: epochs,
      minimum: 1,
    },
    learningRate: {
      type: "number",
      description: "of the first step; it falls to 0 along a cosine",
      default: learningRate,
      exclusiveMinimum: 0,
    },
  } as const;
}

/** How a training of a repair is run. */
export interface TuneOptions {
  readonly numbers: { readonly epochs: number; readonly learningRate: number };
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
  readonly meter: Meter;
}

/**
 * Trains a model on some rows.
 *
 * @throws {DivergenceError} If the loss is no longer a finite number.
 * @throws The signal's reason, if it fires.
 */
export async function tune(
  model: Pick<RepairableModel, "step">,
  set: TrainingSet,
  { numbers: { epochs, learningRate }, seed, signal, meter }: TuneOptions,
): Promise<void> {
  let done = 0;
  await train(model, set, {
    recipe: {
      ...{ name: "repair", summary: "A repair's.", optimizer: SGD },
      ...{ epochs, batchSize: BATCH, augmentation: noAugmentation },
      learningRate: (progress) => learningRate * 0.5 * (1 + Math.cos(Math.PI * progress)),
    },
    ...{ seed, signal },
    onStep({ images }) {
      meter.backward(images - done);
      done = images;
    },
  });
}

/**
 * A model whose steps are followed by a change of its weights.
 *
 * @param after Called after each step with its rate, before the next one begins.
 */
export function withChanges(
  model: Pick<RepairableModel, "step">,
  after: (learningRate: number) => void,
): Pick<RepairableModel, "step"> {
  let last: Promise<unknown> = Promise.resolve();
  return {
    step({ images: { data, shape }, labels }, learningRate) {
      // The arrays are used again while the step waits for its turn.
      const batch = { images: { data: data.slice(), shape }, labels: labels.slice() };
      const next = last.then(async () => {
        const loss = await model.step(batch, learningRate);
        after(learningRate);
        return loss;
      });
      last = next.catch(() => {});
      return next;
    },
  };
}

/** Clean images as they are. */
export function plainSet({ images, labels }: LabelledImages): TrainingSet {
  return {
    ...{ images, labels, perturbed: null, trigger: null },
    rows: Uint32Array.from(labels.keys()),
    poisoned: new Uint8Array(labels.length),
  };
}

/**
 * Clean images, some of them with a trigger, all under their own labels.
 *
 * @param rows Which of them carry the trigger.
 */
export function stampedSet(
  clean: LabelledImages,
  rows: ArrayLike<number>,
  trigger: ReversedTrigger,
): TrainingSet {
  const poisoned = new Uint8Array(clean.labels.length);
  for (let i = 0; i < rows.length; i++) poisoned[rows[i]!] = 1;
  const apply = (images: LabelledImages["images"]) => stampReversed(images, trigger);
  return { ...plainSet(clean), poisoned, trigger: { apply } };
}
