/**
 * Which classes the tables of probabilities show.
 *
 * @module
 */

import type { AttackAnswer } from "../api/attack_answer.ts";

/** Rows of a table: no more is said than four things, beside the target. */
const ROWS = 5;

/**
 * The classes that matter: what is said of either image by either model, the attacker's target, and
 * then the likeliest of the rest, five together where there are as many.
 *
 * @returns Labels in ascending order, the same for all tables.
 */
export function shownClasses({ original, poisoned, target }: AttackAnswer): number[] {
  const predictions = [...original.predictions, ...poisoned.predictions];
  const classes = predictions[0]?.probabilities.length ?? 0;
  const said = new Set([...predictions.map(({ label }) => label), target]);
  const highest = (label: number) =>
    Math.max(...predictions.map(({ probabilities }) => probabilities[label] ?? 0));
  const rest = Array.from({ length: classes }, (_, label) => label)
    .filter((label) => !said.has(label))
    .sort((a, b) => highest(b) - highest(a));
  return [...said, ...rest].slice(0, ROWS).sort((a, b) => a - b);
}
