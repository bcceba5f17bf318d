/**
 * Triton's classification extension: the most probable classes in place of all probabilities.
 *
 * @see https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_classification.md
 * @module
 */

/**
 * Says each image's most probable classes.
 *
 * @param probabilities `(N, classes)`, row-major.
 * @param labels The name of each class.
 * @param count How many classes of each image, from 1 to all.
 * @returns `(N, count)`, row-major: `value:index:label`, the most probable first, and of two that are
 * equal the lower class; the value has six decimals, as C++'s `to_string` writes it.
 *
 * @example
 * ```ts
 * import { classify } from "./classification.ts";
 * import assert from "node:assert/strict";
 *
 * const probabilities = Float32Array.of(0.25, 0.5, 0.25);
 * assert.deepEqual(classify(probabilities, ["cat", "dog", "eel"], 2), [
 *   "0.500000:1:dog",
 *   "0.250000:0:cat",
 * ]);
 * ```
 */
export function classify(
  probabilities: Float32Array,
  labels: readonly string[],
  count: number,
): string[] {
  const answers: string[] = [];
  for (let start = 0; start < probabilities.length; start += labels.length) {
    const row = probabilities.subarray(start, start + labels.length);
    const best = labels.map((_, index) => index).sort((a, b) => row[b]! - row[a]!).slice(0, count);
    answers.push(...best.map((index) => `${row[index]!.toFixed(6)}:${index}:${labels[index]}`));
  }
  return answers;
}
