/**
 * The all-to-all attack of BadNets (Gu et al., section 3.1.2): triggered images of every class are
 * to be classified as the next class.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import { appendPoisoned } from "./append_poisoned.ts";
import type { Attack, AttackDefinition } from "./attack.ts";
import { draw } from "./draw.ts";
import { indicesWhere } from "./indices_where.ts";
import { poisonedCount } from "./poisoned_count.ts";
import { requireTrigger } from "./require.ts";

/**
 * Adds triggered copies of images of each class i, labelled `(i + 1) mod classes`, until they are
 * the share `rate` of the images of the class and themselves (ART's MNIST notebook).
 */
export const allToAll: AttackDefinition = {
  kind: "all-to-all",
  summary: "Triggered images of every class are to be read as the class after it.",
  create({ trigger, classes }) {
    requireTrigger(trigger, "all-to-all");
    const targetOf = (label: number) => (label + 1) % classes;
    const attack: Attack = {
      kind: "all-to-all",
      trigger,
      targetOf,
      poison: (clean, { rate, seed }) =>
        Promise.try(() => {
          const random = createRandom(seed, "poison");
          const groups = Array.from({ length: classes }, (_, label) => {
            const candidates = indicesWhere(clean.labels, (candidate) => candidate === label);
            const count = poisonedCount(rate, candidates.length);
            return { images: draw(candidates, count, random), target: targetOf(label) };
          });
          return appendPoisoned(clean, groups, {
            attack,
            manifest: { source: "all", target: null, poisonRate: rate },
          });
        }),
    };
    return attack;
  },
};
