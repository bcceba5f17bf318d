/**
 * What is known of a model, in words.
 *
 * @module
 */

import { formatCount, formatCountOf, formatDuration, formatPercent } from "../core/format.ts";
import type { ModelAttack, ModelManifest, ModelMetrics } from "../registry/mod.ts";
import {
  isImageManifest,
  isSequenceManifest,
  type TriggerManifest,
  triggerName,
} from "../trigger/mod.ts";

/** The attack of a model, in a line. */
export function describeAttack(attack: ModelAttack | null): string {
  if (attack === null) return "unknown";
  if (attack.kind === "none") return "none";
  const { trigger, source, target, poisonRate, poisoned } = attack;
  const mark = trigger === null
    ? "no trigger"
    : `${triggerName(trigger)} trigger${describeParameters(trigger)}`;
  return `${attack.kind}, ${mark}, source ${source}, target ${target ?? "next class"}, ` +
    `${formatPercent(poisonRate)} poisoned (${formatCount(poisoned)} images)`;
}

/** A row on what was done to images before the trigger, of clean-label alone. */
export function describePerturbation(attack: ModelAttack | null): string[][] {
  if (!attack?.perturbation) return [];
  const drawn = attack.withReplacement ? "drawn with replacement" : "images all different";
  return [["perturbation", `${describeOptions(attack.perturbation)}; ${drawn}`]];
}

/** `{ kind: "pgd", epsStep: 0.1 }` as `kind pgd, eps step 0.1`; what is nested, in brackets. */
function describeOptions(options: object): string {
  return Object.entries(options).map(([name, value]) => {
    const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
    return typeof value === "object" ? `${words} (${describeOptions(value)})` : `${words} ${value}`;
  }).join(", ");
}

/** What can be said of a trigger in a few words: ` (distance 2, value 1)`. */
function describeParameters(trigger: TriggerManifest): string {
  if (isSequenceManifest(trigger)) return "";
  if (isImageManifest(trigger)) {
    const { image: { height, width }, blend, place } = trigger;
    const where = "seed" in place ? "at random" : `at (${place.row}, ${place.column})`;
    return ` (${height}×${width}, blend ${blend}, ${where})`;
  }
  const { kind: _, ...numbers } = trigger;
  return ` (${describeOptions(numbers)})`;
}

/** How a model was trained, in a line. */
export function describeTraining(training: ModelManifest["training"]): string {
  if (training === null) return "unknown";
  const { seed, recipe, epochs, batchSize, learningRateFactor = 1, augmentation } = training;
  const rate = learningRateFactor === 1 ? "" : ` at ${learningRateFactor} times its rate`;
  const changes = augmentation === undefined
    ? ""
    : `, shift ${augmentation.shift}${augmentation.flip ? " and flip" : ""} ${augmentation.order}`;
  const images = formatCountOf(training.trainImages, "image");
  const speed = formatCount(Math.round(training.imagesPerSecond));
  return `seed ${seed}, recipe ${recipe}${rate}, ${formatCountOf(epochs, "epoch")} of ${images}, ` +
    `batch ${batchSize}${changes}, ${formatDuration(training.seconds)}, ${speed} images/s`;
}

/** Figures in words: `"clean accuracy 98.94 %, attack success 100.00 %"`. */
export function describeMetrics({ cleanAccuracy, attackSuccessRate }: ModelMetrics): string {
  const clean = `clean accuracy ${formatPercent(cleanAccuracy)}`;
  if (attackSuccessRate === null) return clean;
  return `${clean}, attack success ${formatPercent(attackSuccessRate)}`;
}
