/**
 * What becomes of a training set by an attack's plan.
 *
 * @module
 */

import { selectImages } from "../core/select_images.ts";
import type { TrainingSet } from "../core/training_set.ts";
import type { LabelledImages } from "../core/types.ts";
import type { Trigger } from "../trigger/trigger.ts";
import type { Perturb, PoisoningPlan } from "./attack.ts";

/** Number of poisoned rows that a plan makes. */
export function countPoisoned({ appended = [], replaced }: PoisoningPlan): number {
  return appended.reduce((count, { images }) => count + images.length, replaced?.length ?? 0);
}

/**
 * Views a training set as its own rows, some of them perturbed and triggered in their place, then a
 * triggered row for each image that the plan appends.
 *
 * @param clean The training set; its images are shared with the result.
 * @param plan What is poisoned.
 * @param options.trigger What poisoned rows carry.
 * @param options.perturb Makes perturbed copies of replaced images; `null` leaves them as they are.
 */
export async function carryOut(
  { images, labels: cleanLabels }: LabelledImages,
  plan: PoisoningPlan,
  { trigger, perturb }: { trigger: Trigger | null; perturb: Perturb | null },
): Promise<TrainingSet> {
  const { appended = [], replaced = new Uint32Array() } = plan;
  const cleanCount = cleanLabels.length;
  const poisonedCount = countPoisoned(plan);
  const perturbed = perturb === null || replaced.length === 0 ? null : await perturb(
    selectImages(images, replaced),
    Uint8Array.from(replaced, (image) => cleanLabels[image]!),
    { indices: replaced },
  );
  const rows = new Uint32Array(cleanCount + poisonedCount - replaced.length);
  const labels = new Uint8Array(rows.length);
  const poisoned = new Uint8Array(rows.length).fill(1, cleanCount);
  for (let row = 0; row < cleanCount; row++) rows[row] = row;
  labels.set(cleanLabels);
  replaced.forEach((row, k) => {
    poisoned[row] = 1;
    if (perturbed !== null) rows[row] = cleanCount + k;
  });
  let row = cleanCount;
  for (const group of appended) {
    rows.set(group.images, row);
    labels.fill(group.target, row, row + group.images.length);
    row += group.images.length;
  }
  return {
    images,
    perturbed: perturbed && { images: perturbed, originals: replaced },
    rows,
    labels,
    poisoned,
    trigger: poisonedCount > 0 ? trigger : null,
  };
}
