/**
 * A model on a test set, as it is and with the trigger on it.
 *
 * @module
 */

import { selectImages } from "../core/select_images.ts";
import type { StampedTrigger } from "../core/training_set.ts";
import type { LabelledImages } from "../core/types.ts";
import { type AttackEvaluation, countAttack } from "./attack.ts";
import { type CleanEvaluation, countClean } from "./clean.ts";
import { type Classifier, type Predictions, readImages } from "./predictions.ts";

/** What an evaluation needs to know of an attack (`Attack` of `lib/poison` is one of these). */
export interface EvaluatedAttack {
  /** `null` for none: there is nothing to evaluate then. */
  readonly trigger: StampedTrigger | null;
  /** The class that a triggered image of a class should be taken for; `null` for none. */
  targetOf(label: number): number | null;
}

/** All figures of a model on a test set: plain values, as they stand in documents. */
export interface Evaluation {
  readonly clean: CleanEvaluation;
  /** `null` under no attack. */
  readonly attack: AttackEvaluation | null;
}

/**
 * Evaluates a model on a test set, as it is and, under an attack, with the trigger on every image
 * that the attack has a target for. For a single target those are the images of other classes than
 * the target (of the source class, where it is one); for all-to-all, all of them. The model reads
 * every image once without the trigger and every victim once with it.
 *
 * @param classify The model.
 * @param test N labelled images.
 * @param attack The attack.
 * @throws {RangeError} If there are no images, or none with a target under an attack with a trigger,
 * or the model answers NaN.
 */
export async function evaluate(
  classify: Classifier,
  test: LabelledImages,
  attack: EvaluatedAttack,
): Promise<Evaluation> {
  const predictions = await readClean(classify, test);
  return {
    clean: countClean(test.labels, predictions),
    attack: attack.trigger === null ? null : await evaluateTriggered(classify, test, {
      apply: attack.trigger.apply,
      targetOf: (label) => attack.targetOf(label),
      clean: predictions.labels,
    }),
  };
}

/**
 * Evaluates a model on a test set as it is.
 *
 * @param classify The model.
 * @param test N labelled images.
 * @throws {RangeError} If there are none, or the model answers NaN.
 */
export async function evaluateClean(
  classify: Classifier,
  test: LabelledImages,
): Promise<CleanEvaluation> {
  return countClean(test.labels, await readClean(classify, test));
}

function readClean(classify: Classifier, { images, labels }: LabelledImages): Promise<Predictions> {
  if (labels.length === 0) {
    throw new RangeError("Cannot evaluate a model: the test set must have images, got none");
  }
  return readImages(classify, images);
}

async function evaluateTriggered(
  classify: Classifier,
  { images, labels }: LabelledImages,
  { apply, targetOf, clean }: {
    apply: StampedTrigger["apply"];
    targetOf: (label: number) => number | null;
    clean: Uint8Array;
  },
): Promise<AttackEvaluation> {
  const victims = Array.from(labels.keys()).filter((i) => targetOf(labels[i]!) !== null);
  if (victims.length === 0) {
    throw new RangeError(
      "Cannot evaluate an attack: the test set must have images that it has a target for, got none",
    );
  }
  return countAttack({
    labels: Uint8Array.from(victims, (i) => labels[i]!),
    clean: Uint8Array.from(victims, (i) => clean[i]!),
    triggered: await readImages(
      classify,
      apply(selectImages(images, victims), { indices: victims }),
    ),
    targetOf,
  });
}
