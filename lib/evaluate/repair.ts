/**
 * What a repair is worth.
 *
 * @module
 */

/** What there is to say of a model before or after a repair; fractions. */
export interface RepairFigures {
  readonly cleanAccuracy: number;
  readonly attackSuccessRate: number;
}

/**
 * The defence effectiveness rating (Zhu et al., "Enhancing Fine-Tuning Based Backdoor Defense with
 * Sharpness-Aware Minimization", ICCV 2023): (max(0, ΔASR) − max(0, ΔCA) + 1) / 2, where both fall from
 * before to after. A gain in accuracy counts nothing, and robust accuracy is not looked at: a repair that
 * only makes the trigger mean something else is rated high, so robust accuracy is to be told beside.
 *
 * @returns 0–1; 0.5 if nothing has changed.
 *
 * @example
 * ```ts
 * import { defenceEffectiveness } from "./repair.ts";
 * import assert from "node:assert/strict";
 *
 * const before = { cleanAccuracy: 0.75, attackSuccessRate: 1 };
 * const after = { cleanAccuracy: 0.5, attackSuccessRate: 0 };
 * assert.equal(defenceEffectiveness(before, after), 0.875);
 * ```
 */
export function defenceEffectiveness(before: RepairFigures, after: RepairFigures): number {
  const gained = Math.max(0, before.attackSuccessRate - after.attackSuccessRate);
  const lost = Math.max(0, before.cleanAccuracy - after.cleanAccuracy);
  return (gained - lost + 1) / 2;
}
