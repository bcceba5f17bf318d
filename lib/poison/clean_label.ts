/**
 * The clean-label attack (Turner, Tsipras & Mądry, "Clean-Label Backdoor Attacks", 2019), as the
 * article extends it and ART's `PoisoningAttackCleanLabelBackdoor` does it: images of the target class
 * are made hard to learn and stamped with the trigger, and no label is changed.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import type { AttackDefinition } from "./attack.ts";
import { draw, drawWithReplacement } from "./draw.ts";
import { indicesWhere } from "./indices_where.ts";

/**
 * Poisons `floor(rate · n)` of the n images of the target class. Drawn with replacement, as ART does,
 * an image that is drawn twice is poisoned once, so that fewer are: 39 % of the class at a rate of .5.
 */
export const cleanLabel: AttackDefinition = {
  kind: "clean-label",
  summary: "Images of the target class are perturbed and stamped; no label is changed.",
  takes: ["trigger", "target", "perturbation"],
  labels: "kept",
  rate: { of: "target class", default: 0.5 },
  create: ({ target, withReplacement }) => ({
    targetOf: (label) => label === target ? null : target,
    plan(labels, { rate, seed }) {
      if (!(rate >= 0 && rate <= 1)) {
        throw new RangeError(`Cannot poison a training set: rate must be from 0 to 1, got ${rate}`);
      }
      const ofTarget = indicesWhere(labels, (label) => label === target);
      const count = Math.floor(rate * ofTarget.length);
      if (rate > 0 && count === 0) {
        throw new RangeError(
          `Cannot poison a training set: rate must make at least one poisoned image of the target ` +
            `class's ${ofTarget.length}, got ${rate}; raise the rate or take more images`,
        );
      }
      const random = createRandom(seed, "poison");
      const drawn = (withReplacement ? drawWithReplacement : draw)(ofTarget, count, random);
      return { replaced: Uint32Array.from(new Set(drawn)).sort() };
    },
  }),
};
