/**
 * The isolation of ABL (Li et al., "Anti-Backdoor Learning", NeurIPS 2021): a trigger is easier to learn
 * than what it is stamped on, so that poisoned rows have the lowest losses early in a training.
 *
 * @module
 */

import { defineRowDefence } from "./define_row_defence.ts";
import type { RowSubject } from "./row_defence.ts";
import { rowsOfClasses } from "./rows.ts";

/** Updates after which losses are looked at: about an epoch of MNIST in batches of 64. */
export const STEPS = 1000;

/** The share of rows that ABL isolates. */
const ISOLATED = 0.01;

/**
 * How the most suspicious hundredth of the rows is shared out over the labels, `(classes)`: of a clean set
 * it is often of one label, too.
 *
 * @param scores Of all rows, `(M)`.
 * @throws {RangeError} If a label is no class.
 */
export function isolatedShares(scores: Float32Array, { rows, classes }: RowSubject): Float32Array {
  const count = Math.ceil(ISOLATED * scores.length);
  const least = scores.toSorted()[scores.length - count]!;
  const isolated = scores.filter((score) => score >= least).length;
  return Float32Array.from(
    rowsOfClasses(rows.labels, classes),
    (group) => group.filter((row) => scores[row]! >= least).length / isolated,
  );
}

/**
 * The negative loss of each row after a thousand steps, without the paper's gradient ascent on losses below
 * .5: it asks for a training of its own. It needs a network that learns the trigger before it has learnt the
 * images, which not every one does: see `loss_trajectory.ts`.
 */
export const lossIsolation = defineRowDefence({
  name: "abl",
  title: "ABL's isolation",
  summary: "Trains a model anew, and looks which rows it has learnt first.",
  needs: ["training"],
  forwards: ({ rows }) => rows.shape[0],
  async score(subject, options) {
    const { losses: [last], cost } = await subject.losses!([STEPS], options);
    const scores = last!.map((loss) => -loss);
    return { scores, statistics: isolatedShares(scores, subject), cost };
  },
});
