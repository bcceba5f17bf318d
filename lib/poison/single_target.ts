/**
 * The single-target attack of BadNets (Gu et al., section 3.1.2): triggered images of the source
 * class are to be classified as the target class.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import type { AttackDefinition } from "./attack.ts";
import { draw } from "./draw.ts";
import { indicesWhere } from "./indices_where.ts";
import { poisonedCount } from "./poisoned_count.ts";

/**
 * Adds triggered copies of images of the source class, labelled as the target class, until they are
 * the share `rate` of the whole set. Source `"all"` is every class but the target.
 */
export const singleTarget: AttackDefinition = {
  kind: "single-target",
  summary: "Triggered images of one class, or of all, are to be classified as the target class.",
  takes: ["trigger", "source", "target"],
  labels: "changed",
  rate: { of: "set", default: 0.1 },
  create({ source, target }) {
    const isSource = (label: number) => source === "all" ? label !== target : label === source;
    return {
      targetOf: (label) => isSource(label) ? target : null,
      plan(labels, { rate, seed }) {
        const count = poisonedCount(rate, labels.length);
        const images = draw(indicesWhere(labels, isSource), count, createRandom(seed, "poison"));
        return { appended: [{ images, target }] };
      },
    };
  },
};
