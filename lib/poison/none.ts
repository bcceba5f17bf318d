/**
 * No attack: how the clean twin of a backdoored model is trained.
 *
 * @module
 */

import { appendPoisoned } from "./append_poisoned.ts";
import type { Attack, AttackDefinition } from "./attack.ts";

const attack: Attack = {
  kind: "none",
  trigger: null,
  targetOf: () => null,
  poison: (clean) =>
    Promise.try(() =>
      appendPoisoned(clean, [], {
        attack,
        manifest: { source: "all", target: null, poisonRate: 0 },
      })
    ),
};

/** Leaves the training set as it is, whatever the rate. */
export const none: AttackDefinition = {
  kind: "none",
  summary: "No attack: the clean twin of a backdoored model.",
  create: () => attack,
};
