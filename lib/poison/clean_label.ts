/**
 * The clean-label attack (Turner, Tsipras & Mądry, "Clean-Label Backdoor Attacks", 2019), as the
 * article extends it and ART's `PoisoningAttackCleanLabelBackdoor` does it: images of the target class
 * are made hard to learn and stamped with the trigger, and no label is changed.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import { selectImages } from "../core/select_images.ts";
import type { LabelledImages } from "../core/types.ts";
import type { TrainingSet } from "../core/training_set.ts";
import type { Trigger } from "../trigger/trigger.ts";
import type { Attack, AttackDefinition, Perturb, PoisoningOptions } from "./attack.ts";
import { draw, drawWithReplacement } from "./draw.ts";
import { indicesWhere } from "./indices_where.ts";
import { requireClass, requireTrigger } from "./require.ts";

/**
 * Poisons `floor(rate · n)` of the n images of the target class. Drawn with replacement, as ART does,
 * an image that is drawn twice is poisoned once, so that fewer are: 39 % of the class at a rate of .5.
 */
export const cleanLabel: AttackDefinition = {
  kind: "clean-label",
  summary: "Images of the target class are perturbed and stamped; no label is changed.",
  create({ trigger, target = 0, classes, perturbation = null, withReplacement = true }) {
    requireTrigger(trigger, "clean-label");
    requireClass(target, { name: "target", classes });
    const attack: Attack = {
      kind: "clean-label",
      trigger,
      targetOf: (label) => label === target ? null : target,
      async poison(clean, options) {
        const selected = select(clean, { target, withReplacement, ...options });
        const perturb = perturbation?.perturb ?? null;
        const set = await replaceSelected(clean, selected, { target, trigger, perturb });
        return {
          ...set,
          manifest: {
            kind: "clean-label",
            trigger: trigger.manifest,
            source: "all",
            target,
            poisonRate: options.rate,
            poisoned: selected.length,
            perturbation: perturbation?.manifest ?? { kind: "none" },
            withReplacement,
          },
        };
      },
    };
    return attack;
  },
};

/**
 * Puts perturbed images under the trigger in the place of their originals, labels untouched.
 *
 * @param selected The images, each once; all of the target class.
 */
export async function replaceSelected(
  { images, labels }: LabelledImages,
  selected: Uint32Array,
  { target, trigger, perturb }: { target: number; trigger: Trigger; perturb: Perturb | null },
): Promise<TrainingSet> {
  const perturbed = perturb === null || selected.length === 0 ? null : await perturb(
    selectImages(images, selected),
    new Uint8Array(selected.length).fill(target),
    { indices: selected },
  );
  const rows = Uint32Array.from(labels.keys());
  const poisoned = new Uint8Array(labels.length);
  selected.forEach((row, k) => {
    poisoned[row] = 1;
    if (perturbed !== null) rows[row] = labels.length + k;
  });
  return {
    images,
    perturbed: perturbed && { images: perturbed, originals: selected },
    rows,
    labels: labels.slice(),
    poisoned,
    trigger: selected.length > 0 ? trigger : null,
  };
}

/** The images to poison: each once, ascending. */
export function select(
  { labels }: LabelledImages,
  { target, withReplacement, rate, seed }: PoisoningOptions & {
    target: number;
    withReplacement: boolean;
  },
): Uint32Array {
  if (!(rate >= 0 && rate <= 1)) {
    throw new RangeError(`Cannot poison a training set: rate must be from 0 to 1, got ${rate}`);
  }
  const targetIndices = indicesWhere(labels, (label) => label === target);
  const count = Math.floor(rate * targetIndices.length);
  if (rate > 0 && count === 0) {
    // The set would be a clean one under the name of an attack.
    throw new RangeError(
      `Cannot poison a training set: rate must make at least one poisoned image of the target ` +
        `class's ${targetIndices.length}, got ${rate}; raise the rate or take more images`,
    );
  }
  const drawn = (withReplacement ? drawWithReplacement : draw)(
    targetIndices,
    count,
    createRandom(seed, "poison"),
  );
  return Uint32Array.from(new Set(drawn)).sort();
}
