/**
 * The article's backdoor attack on a set of points ("Adversarial Learning: Backdoor Attacks",
 * section Algorithms), with the semantics of ART's `PoisoningAttackBackdoor.poison`.
 *
 * @module
 */

import type { ImageBatch } from "../core/types.ts";
import type { LabelRows } from "./label_rows.ts";

/** A function that puts a backdoor into every image of a batch, for example `trigger.apply`. */
export type Perturbation = (images: ImageBatch) => ImageBatch;

/** How `poison()` works. */
export interface PoisonOptions {
  /** What is done to the images; of several, each to the last one's result. */
  readonly perturbation: Perturbation | readonly Perturbation[];
  /** Whether the one row of labels is meant for every image; default false. */
  readonly broadcast?: boolean;
}

/** What `poison()` gives. */
export interface PoisonResult {
  /** The images with the backdoor, `(N, H, W, C)`. */
  readonly attacked: ImageBatch;
  /** The label row of each, `(N, classes)`. */
  readonly attackLabels: LabelRows;
}

/**
 * Poisons every image of a batch and gives it the attacker's label.
 *
 * @param toBeAttacked The images, `(N, H, W, C)`, values in 0–1; left as they are, even if a
 * perturbation writes to what it is given.
 * @param attackTargetLabels The labels to give them: `(N, classes)`, or `(1, classes)` with
 * `broadcast`; one-hot or probabilities.
 * @throws {TypeError} If there are no labels (ART: "target labels need to be provided").
 * @throws {RangeError} If there are no images (ART: "at least one poison point"), or not as many
 * rows of labels as images, which ART would let pass.
 *
 * @example
 * ```ts
 * import { createTrigger } from "../trigger/mod.ts";
 * import { oneHot } from "./label_rows.ts";
 * import { poison } from "./poison.ts";
 * import assert from "node:assert/strict";
 *
 * const digits = { data: new Float32Array(2 * 28 * 28), shape: [2, 28, 28, 1] as const };
 * const { attacked, attackLabels } = poison(digits, oneHot(Uint8Array.of(7), 10), {
 *   perturbation: createTrigger("pixel").apply,
 *   broadcast: true,
 * });
 * assert.equal(attacked.data[26 * 28 + 26], 1);
 * assert.deepEqual(attackLabels.shape, [2, 10]);
 * ```
 */
export function poison(
  toBeAttacked: ImageBatch,
  attackTargetLabels: LabelRows | null | undefined,
  { perturbation, broadcast = false }: PoisonOptions,
): PoisonResult {
  if (!attackTargetLabels || attackTargetLabels.shape[0] === 0) {
    throw new TypeError(
      "Cannot poison: attackTargetLabels must be given, one row for each image, got none",
    );
  }
  const numberAttacked = toBeAttacked.shape[0];
  if (numberAttacked === 0) {
    throw new RangeError("Cannot poison: toBeAttacked must hold at least one image, got 0");
  }
  const [rows, classes] = attackTargetLabels.shape;
  const rowsNeeded = broadcast ? 1 : numberAttacked;
  if (rows !== rowsNeeded) {
    throw new RangeError(
      `Cannot poison: attackTargetLabels must have ${rowsNeeded} row(s) ` +
        `(${numberAttacked} images, broadcast ${broadcast}), got ${rows}`,
    );
  }

  const labels = attackTargetLabels.data;
  const copy = { data: toBeAttacked.data.slice(), shape: toBeAttacked.shape };
  const perturbations = typeof perturbation === "function" ? [perturbation] : perturbation;
  return {
    attacked: perturbations.reduce((images: ImageBatch, perturb) => perturb(images), copy),
    attackLabels: {
      data: broadcast ? repeat(labels, numberAttacked) : labels.slice(),
      shape: [numberAttacked, classes],
    },
  };
}

function repeat(row: Float32Array, times: number): Float32Array {
  const repeated = new Float32Array(row.length * times);
  for (let i = 0; i < times; i++) repeated.set(row, i * row.length);
  return repeated;
}
