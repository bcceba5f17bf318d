/**
 * The data filter that motivates clean-label attacks (Turner, Tsipras, Mądry, "Clean-Label Backdoor
 * Attacks"): a model that was trained on a small clean part of the data finds wrongly labelled images
 * hard to believe, and a person looks at those first.
 *
 * @module
 */

/** A training set, the least believable rows first. */
export interface LossRanking {
  /** All M rows by falling loss; of equal ones, the earlier row first. */
  readonly order: Uint32Array;
  /** Loss of each row, `(M)`: −ln of the probability that the model gives its label, nats. */
  readonly losses: Float32Array;
}

/** What someone finds who looks at the first rows of a ranking. */
export interface FilterFigures {
  /** Number of rows that are looked at. */
  readonly top: number;
  /** Number of poisoned rows among them. */
  readonly found: number;
  /** What `found` would be on average among as many rows drawn at random. */
  readonly foundByChance: number;
  /** Share of the poisoned rows that are found; `null` where there are none. */
  readonly share: number | null;
}

/** The least probability that float32 holds: the loss of what a model excludes stays a number. */
const LEAST = 2 ** -149;

/**
 * Ranks rows by their loss under a model.
 *
 * @param probabilities What the model makes of each row, `(M, classes)`, row-major.
 * @param labels The label that each row carries, `(M)`.
 * @throws {RangeError} If there are not as many rows of probabilities as labels, or one that is
 * needed is NaN.
 *
 * @example
 * ```ts
 * import { rankByLoss } from "./loss_ranking.ts";
 * import assert from "node:assert/strict";
 *
 * // Of two rows that are labelled 0, the model takes the second for a 1.
 * const { order } = rankByLoss(Float32Array.of(0.9, 0.1, 0.2, 0.8), Uint8Array.of(0, 0));
 * assert.deepEqual([...order], [1, 0]);
 * ```
 */
export function rankByLoss(probabilities: Float32Array, labels: Uint8Array): LossRanking {
  const classes = probabilities.length / labels.length;
  if (!Number.isInteger(classes)) {
    throw new RangeError(
      "Cannot rank rows: there must be labels, and as many probabilities for each, got " +
        `${labels.length} labels and ${probabilities.length} probabilities`,
    );
  }
  const losses = Float32Array.from(labels, (label, row) => {
    const probability = label < classes ? probabilities[row * classes + label]! : NaN;
    if (Number.isNaN(probability)) {
      throw new RangeError(
        `Cannot rank rows: row ${row} must have a probability for its label ${label}, got none ` +
          `among ${classes} classes, or NaN`,
      );
    }
    return -Math.log(Math.max(probability, LEAST));
  });
  const order = Uint32Array.from(labels.keys())
    .sort((a, b) => losses[b]! - losses[a]! || a - b);
  return { order, losses };
}

/**
 * Counts the poisoned rows among the first of a ranking.
 *
 * @param ranking The ranking of M rows.
 * @param poisoned 1 where a row is poisoned, else 0, `(M)`.
 * @param options.top How many rows are looked at, at most M; as many as are poisoned unless given.
 * @throws {RangeError} If there are not as many rows.
 */
export function countFound(
  { order }: LossRanking,
  poisoned: Uint8Array,
  { top }: { top?: number } = {},
): FilterFigures {
  const rows = order.length;
  const count = (some: Uint32Array) => some.reduce((sum, row) => sum + poisoned[row]!, 0);
  const all = count(order);
  const looked = top ?? all;
  if (!Number.isInteger(looked) || looked < 0 || looked > rows) {
    throw new RangeError(
      `Cannot count outliers: top must be an integer from 0 to ${rows}, got ${looked}`,
    );
  }
  const found = count(order.subarray(0, looked));
  return {
    top: looked,
    found,
    foundByChance: looked * all / rows,
    share: all > 0 ? found / all : null,
  };
}
