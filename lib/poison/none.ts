/**
 * No attack: how the clean twin of a backdoored model is trained.
 *
 * @module
 */

import type { AttackDefinition } from "./attack.ts";

/** Leaves the training set as it is. */
export const none: AttackDefinition = {
  kind: "none",
  summary: "No attack: the clean twin of a backdoored model.",
  takes: [],
  labels: "kept",
  rate: null,
  create: () => ({ targetOf: () => null, plan: () => ({}) }),
};
