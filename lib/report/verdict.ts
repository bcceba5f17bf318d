/**
 * Whether a paper's figure was found again.
 *
 * @module
 */

import type { Reference } from "./reference.ts";

/** In a word. */
export type Verdict = "reproduced" | "close" | "not reproduced";

/**
 * Compares a figure with a paper's. A better one counts as the same: a backdoor that works better,
 * or costs less accuracy, is the paper's claim all the more.
 *
 * @param ours In the unit of the reference.
 *
 * @example
 * ```ts
 * import { verdictOn } from "./verdict.ts";
 * import assert from "node:assert/strict";
 *
 * const paper = { value: 0.99, better: "higher", tolerance: 0, close: 0.01, source: "" } as const;
 * assert.equal(verdictOn(0.992, paper), "reproduced");
 * assert.equal(verdictOn(0.985, paper), "close");
 * ```
 */
export function verdictOn(ours: number, { value, better, tolerance, close }: Reference): Verdict {
  const worse = better === "higher" ? value - ours : ours - value;
  // Fractions of counts: a last bit more or less says nothing of the experiment.
  const rounded = Math.round(worse * 1e9) / 1e9;
  if (rounded <= tolerance) return "reproduced";
  return rounded <= close ? "close" : "not reproduced";
}

/**
 * What `verdictOn` asks of a figure, in words: `"reproduced: at most 0.1 points below; close: at most
 * 0.5"`.
 */
export function describeRule({ better, tolerance, close, reason }: Reference): string {
  const side = better === "higher" ? "below" : "above";
  const points = (fraction: number) => Number((fraction * 100).toPrecision(3));
  const same = tolerance === 0 ? `not ${side}` : `at most ${points(tolerance)} points ${side}`;
  const near = `at most ${points(close)}${tolerance === 0 ? ` points ${side}` : ""}`;
  return `reproduced: ${same}; close: ${near}${reason === undefined ? "" : `, for ${reason}`}`;
}

/** A statement, for example on an order: it holds or it does not. */
export function verdictIf(holds: boolean): Verdict {
  return holds ? "reproduced" : "not reproduced";
}
