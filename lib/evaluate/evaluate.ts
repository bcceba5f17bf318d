/**
 * What a model does on a test set, as it is and with the trigger on it.
 *
 * @module
 */

import { selectImages } from "../core/select_images.ts";
import type { ImageBatch, LabelledImages } from "../core/types.ts";

/** Classifies images `(N, H, W, C)`: probabilities `(N, classes)`, row-major. */
export type Classifier = (images: ImageBatch) => Promise<Float32Array>;

/** What an evaluation needs to know of an attack (`Attack` of `lib/poison` is one of these). */
export interface EvaluatedAttack {
  readonly trigger: { readonly apply: (images: ImageBatch) => ImageBatch } | null;
  /** The class that a triggered image of a class should be taken for; `null` for none. */
  targetOf(label: number): number | null;
}

/** Figures on images as they are; rates are fractions. */
export interface CleanEvaluation {
  readonly cleanAccuracy: number;
  /** Accuracy on the images of each class; `null` for a class without images. */
  readonly perClass: readonly (number | null)[];
  /** `confusion[i][j]`: number of images of class i classified as j. */
  readonly confusion: readonly (readonly number[])[];
}

/** Figures on images with the trigger; rates are fractions. */
export interface AttackEvaluation {
  /** Share of those with a target that are classified as their target. */
  readonly attackSuccessRate: number;
  /** Share of those with a target that are still classified as what they are. */
  readonly robustAccuracy: number;
  /** Number of images with a target: the denominator of both. */
  readonly victims: number;
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
  { images, labels }: LabelledImages,
): Promise<CleanEvaluation> {
  if (labels.length === 0) {
    throw new RangeError("Cannot evaluate a model: the test set must have images, got none");
  }
  const probabilities = await classify(images);
  const classes = probabilities.length / labels.length;
  const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  predictedLabels(probabilities, classes).forEach((predicted, i) => {
    confusion[labels[i]!]![predicted]!++;
  });
  const right = confusion.map((row, label) => row[label]!);
  return {
    cleanAccuracy: sum(right) / labels.length,
    perClass: confusion.map((row, label) => sum(row) > 0 ? right[label]! / sum(row) : null),
    confusion,
  };
}

/**
 * Evaluates an attack: stamps the trigger on every test image that the attack has a target for, and
 * counts what the model makes of them. For a single target those are the images of other classes
 * than the target (of the source class, where it is one); for all-to-all, all of them.
 *
 * @param classify The model.
 * @param test N labelled images.
 * @param attack The attack.
 * @throws {RangeError} If the attack has no trigger, no image has a target, or the model answers NaN.
 */
export async function evaluateAttack(
  classify: Classifier,
  { images, labels }: LabelledImages,
  attack: EvaluatedAttack,
): Promise<AttackEvaluation> {
  const victims = Array.from(labels.keys()).filter((i) => attack.targetOf(labels[i]!) !== null);
  if (attack.trigger === null || victims.length === 0) {
    throw new RangeError(
      "Cannot evaluate an attack: it must have a trigger, and the test set images it has a target " +
        `for, got ${victims.length} such images and ${attack.trigger ? "a" : "no"} trigger`,
    );
  }
  const poisoned = attack.trigger.apply(selectImages(images, victims));
  const probabilities = await classify(poisoned);
  const predicted = predictedLabels(probabilities, probabilities.length / victims.length);
  const share = (isCounted: (label: number, predicted: number) => boolean) =>
    victims.filter((i, row) => isCounted(labels[i]!, predicted[row]!)).length / victims.length;
  return {
    attackSuccessRate: share((label, predicted) => predicted === attack.targetOf(label)),
    robustAccuracy: share((label, predicted) => predicted === label),
    victims: victims.length,
  };
}

/**
 * The most probable class of each row; of equal ones, the first.
 *
 * @param probabilities `(N, classes)`, row-major.
 * @throws {RangeError} If one of them is NaN.
 */
export function predictedLabels(probabilities: Float32Array, classes: number): Uint8Array {
  return Uint8Array.from({ length: probabilities.length / classes }, (_, row) => {
    const scores = probabilities.subarray(row * classes, (row + 1) * classes);
    const highest = Math.max(...scores);
    if (Number.isNaN(highest)) {
      throw new RangeError(
        `Cannot read predictions: probabilities must be numbers, got NaN in row ${row}; the model's ` +
          "weights are broken, train it again",
      );
    }
    return scores.indexOf(highest);
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
