/**
 * The all-to-all attack of BadNets (Gu et al., section 3.1.2): triggered images of every class are
 * to be classified as the next class.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import type { AttackDefinition } from "./attack.ts";
import { draw } from "./draw.ts";
import { indicesWhere } from "./indices_where.ts";
import { poisonedCount } from "./poisoned_count.ts";

/**
 * Adds triggered copies of images of each class i, labelled `(i + 1) mod classes`, until they are
 * the share `rate` of the images of the class and themselves (ART's MNIST notebook).
 */
export const allToAll: AttackDefinition = {
  kind: "all-to-all",
  summary: "Triggered images of every class are to be classified as the class after it.",
  takes: ["trigger"],
  labels: "changed",
  rate: { of: "set", default: 0.1 },
  create({ classes }) {
    const targetOf = (label: number) => (label + 1) % classes;
    return {
      targetOf,
      plan(labels, { rate, seed }) {
        const random = createRandom(seed, "poison");
        return {
          appended: Array.from({ length: classes }, (_, label) => {
            const candidates = indicesWhere(labels, (candidate) => candidate === label);
            const count = poisonedCount(rate, candidates.length);
            return { images: draw(candidates, count, random), target: targetOf(label) };
          }),
        };
      },
    };
  },
};
