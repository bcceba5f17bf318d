/**
 * Losses by soft targets, for `Engine.stepBy`.
 *
 * @module
 */

/** A loss of some images, and its gradient to their logits. */
export interface LogitsLoss {
  /** Mean over the images, in nats. */
  readonly loss: number;
  /** `(n, classes)`, row-major. */
  readonly gradient: Float32Array;
}

/**
 * Cross-entropy to given probabilities, −Σ q·ln softmax(z): what distillation goes by.
 *
 * @param logits `(n, classes)`, row-major.
 * @param targets Probabilities of the same shape, of each row in sum 1.
 * @returns The mean over rows, and its gradient, (softmax(z) − q) / n.
 * @throws {RangeError} If the shapes differ.
 *
 * @example
 * ```ts
 * import { towardsTargets } from "./losses.ts";
 * import assert from "node:assert/strict";
 *
 * const targets = Float32Array.of(0.5, 0.5);
 * const { loss, gradient } = towardsTargets(Float32Array.of(3, 3), { targets, classes: 2 });
 * assert.ok(Math.abs(loss - Math.LN2) < 1e-12);
 * assert.deepEqual(gradient, new Float32Array(2));
 * ```
 */
export function towardsTargets(
  logits: Float32Array,
  { targets, classes }: { readonly targets: Float32Array; readonly classes: number },
): LogitsLoss {
  if (targets.length !== logits.length) {
    throw new RangeError(
      `Cannot take a loss: targets must be ${logits.length} probabilities, got ${targets.length}`,
    );
  }
  const rows = logits.length / classes;
  const gradient = new Float32Array(logits.length);
  let loss = 0;
  for (let first = 0; first < logits.length; first += classes) {
    const row = logits.subarray(first, first + classes);
    const most = row.reduce((a, b) => Math.max(a, b));
    const sum = row.reduce((total, logit) => total + Math.exp(logit - most), 0);
    row.forEach((logit, k) => {
      const target = targets[first + k]!;
      loss -= target * (logit - most - Math.log(sum)) / rows;
      gradient[first + k] = (Math.exp(logit - most) / sum - target) / rows;
    });
  }
  return { loss, gradient };
}
