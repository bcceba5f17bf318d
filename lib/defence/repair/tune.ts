/**
 * Training on the defender's images, which several repairs come to.
 *
 * @module
 */

import type { TrainingSet } from "../../core/training_set.ts";
import type { LabelledImages } from "../../core/types.ts";
import { type Optimizer, type StepOptions, towardsTargets } from "../../engine/mod.ts";
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

/** Images of a step. */
export const BATCH = 64;

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

/** The rate when a share of all steps is done. */
export function cosine(learningRate: number, progress: number): number {
  return learningRate * 0.5 * (1 + Math.cos(Math.PI * progress));
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
      learningRate: (progress) => cosine(learningRate, progress),
    },
    ...{ seed, signal },
    onStep({ images }) {
      meter.backward(images - done);
      done = images;
    },
  });
}

/**
 * Steps that are done one after the other, although the next one is asked for while one runs.
 *
 * @param step Makes one, and answers with its loss.
 */
export function inTurn(step: RepairableModel["step"]): Pick<RepairableModel, "step"> {
  let last: Promise<unknown> = Promise.resolve();
  return {
    step({ images: { data, shape }, labels }, learningRate) {
      // The arrays are used again while the step waits for its turn.
      const batch = { images: { data: data.slice(), shape }, labels: labels.slice() };
      const next = last.then(() => step(batch, learningRate));
      last = next.catch(() => {});
      return next;
    },
  };
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
  return inTurn(async (batch, learningRate) => {
    const loss = await model.step(batch, learningRate);
    after(learningRate);
    return loss;
  });
}

/**
 * A model whose steps go by the cross-entropy with soft labels.
 *
 * @param options `smoothing`: the share of a label that is spread over all classes; `weigh`: by what
 * the gradient of a batch with this loss is multiplied, 1 unless given; others: as the engine's.
 */
export function softly(
  model: Pick<RepairableModel, "classes" | "stepBy">,
  { smoothing = 0, weigh = () => 1, ...options }: StepOptions & {
    readonly smoothing?: number;
    readonly weigh?: (loss: number) => number;
  },
): RepairableModel["step"] {
  const { classes } = model;
  return async ({ images, labels }, learningRate) => {
    const targets = new Float32Array(labels.length * classes).fill(smoothing / classes);
    labels.forEach((label, row) => targets[row * classes + label]! += 1 - smoothing);
    let loss: number | undefined;
    await model.stepBy(
      images,
      (logits) => {
        const found = towardsTargets(logits, { targets, classes });
        // A sharpness-aware step asks twice: the first loss is that of the weights as they are.
        loss ??= found.loss;
        const weight = weigh(found.loss);
        return found.gradient.map((value) => value * weight);
      },
      learningRate,
      options,
    );
    return loss!;
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
