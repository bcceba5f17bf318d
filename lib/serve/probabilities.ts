/**
 * Whether what a network says are probabilities.
 *
 * @module
 */

import { ModelError } from "../core/errors.ts";
import type { ModelManifest } from "../registry/manifest.ts";

/** Furthest that the probabilities of one image may sum up from 1: float32 rounds a thousand classes. */
const TOLERANCE = 1e-3;

/**
 * Looks at a network's answers.
 *
 * @param values `(N, classes)`, row-major.
 * @returns In words, why they are no probabilities; `null` if they are.
 *
 * @example
 * ```ts
 * import { probabilityProblem } from "./probabilities.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(probabilityProblem(new Float32Array([0.25, 0.75]), 2), null);
 * assert.match(probabilityProblem(new Float32Array([-1, 4]), 2) ?? "", /gives no probabilities/);
 * ```
 */
export function probabilityProblem(values: Float32Array, classes: number): string | null {
  for (let first = 0; first < values.length; first += classes) {
    let [least, most, sum] = [Infinity, -Infinity, 0];
    for (let i = first; i < first + classes; i++) {
      least = Math.min(least, values[i]!);
      most = Math.max(most, values[i]!);
      sum += values[i]!;
    }
    // As is every sum with one.
    if (Number.isNaN(sum)) {
      return "it answers with what is no number (NaN), as after a training that diverged; train it " +
        "again";
    }
    if (least < 0 || most > 1 || Math.abs(sum - 1) > TOLERANCE) {
      return "its last layer gives no probabilities: they must be from 0 to 1 and sum up to 1, got " +
        `${round(least)} to ${round(most)} with the sum ${round(sum)}; end the network in softmax`;
    }
  }
  return null;
}

/**
 * Refuses answers that are no probabilities.
 *
 * @param values `(N, classes)`, row-major.
 * @throws {ModelError} Says which model's they are, and what is wrong.
 */
export function checkProbabilities(values: Float32Array, { name, labels }: ModelManifest): void {
  const problem = probabilityProblem(values, labels.length);
  if (problem !== null) throw new ModelError(`Cannot classify with model "${name}": ${problem}`);
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
