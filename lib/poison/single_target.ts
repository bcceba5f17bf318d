/**
 * The single-target attack of BadNets (Gu et al., section 3.1.2): triggered images of the source
 * class are to be classified as the target class.
 *
 * @module
 */

import { createRandom } from "../core/random.ts";
import { appendPoisoned } from "./append_poisoned.ts";
import type { Attack, AttackDefinition } from "./attack.ts";
import { draw } from "./draw.ts";
import { indicesWhere } from "./indices_where.ts";
import { poisonedCount } from "./poisoned_count.ts";
import { requireClass, requireTrigger } from "./require.ts";

/**
 * Adds triggered copies of images of the source class, labelled as the target class, until they are
 * the share `rate` of the whole set. Source `"all"` is every class but the target.
 */
export const singleTarget: AttackDefinition = {
  kind: "single-target",
  summary: "Triggered images of one class, or of all, are to be read as the target class.",
  create({ trigger, source = "all", target = 0, classes }) {
    requireTrigger(trigger, "single-target");
    requireClass(target, { name: "target", classes });
    if (source !== "all") requireClass(source, { name: "source", classes });
    if (source === target) {
      throw new RangeError(
        `Cannot make attack single-target: source must be another class than target, got ` +
          `${source} for both`,
      );
    }
    const isSource = (label: number) => source === "all" ? label !== target : label === source;
    const attack: Attack = {
      kind: "single-target",
      trigger,
      targetOf: (label) => isSource(label) ? target : null,
      poison: (clean, { rate, seed }) =>
        Promise.try(() => {
          const count = poisonedCount(rate, clean.labels.length);
          const candidates = indicesWhere(clean.labels, isSource);
          const images = draw(candidates, count, createRandom(seed, "poison"));
          return appendPoisoned(clean, [{ images, target }], {
            attack,
            manifest: { source, target, poisonRate: rate },
          });
        }),
    };
    return attack;
  },
};
