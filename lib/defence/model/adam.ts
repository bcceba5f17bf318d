/**
 * Adam on an array, with the moments that Neural Cleanse is run with.
 *
 * @module
 */

const BETA1 = 0.5;
const BETA2 = 0.9;
const EPSILON = 1e-7;

/**
 * Makes an optimizer of some numbers (Kingma & Ba, arXiv 1412.6980), β₁ .5 and β₂ .9.
 *
 * @param values They are changed in place.
 * @param learningRate Of each step.
 * @returns Takes a step along a gradient of as many numbers.
 *
 * @example
 * ```ts
 * import { createAdam } from "./adam.ts";
 * import assert from "node:assert/strict";
 *
 * const values = Float64Array.of(1, 1);
 * createAdam(values, 0.1)(Float64Array.of(5, -2));
 * assert.ok(Math.abs(values[0]! - 0.9) < 1e-6 && Math.abs(values[1]! - 1.1) < 1e-6);
 * ```
 */
export function createAdam(
  values: Float64Array,
  learningRate: number,
): (gradient: Float64Array) => void {
  const first = new Float64Array(values.length);
  const second = new Float64Array(values.length);
  let step = 0;
  return (gradient) => {
    step++;
    const rate = learningRate * Math.sqrt(1 - BETA2 ** step) / (1 - BETA1 ** step);
    for (let i = 0; i < values.length; i++) {
      const slope = gradient[i]!;
      first[i] = BETA1 * first[i]! + (1 - BETA1) * slope;
      second[i] = BETA2 * second[i]! + (1 - BETA2) * slope * slope;
      values[i]! -= rate * first[i]! / (Math.sqrt(second[i]!) + EPSILON);
    }
  };
}
