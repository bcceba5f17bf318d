/**
 * How well scores tell suspicious from clean, whatever the threshold.
 *
 * @module
 */

/** Scores of two kinds of things: the larger, the more suspicious. */
export interface TwoKinds {
  /** Of those that are to be found, at least one. */
  readonly suspicious: Float32Array | Float64Array;
  /** Of those that are to be let through, at least one. */
  readonly clean: Float32Array | Float64Array;
}

/** What a threshold comes to; fractions. */
export interface RocPoint {
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
}

/**
 * The area under the receiver operating characteristic: the probability that a suspicious one scores
 * higher than a clean one, where equal scores count half. It is one-sided: below 0.5, the scores point
 * the wrong way, and no max(A, 1 − A) hides it.
 *
 * @returns 0–1.
 * @throws {RangeError} If a kind has no scores, or one of them is NaN.
 *
 * @example
 * ```ts
 * import { auroc } from "./roc.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(auroc({ suspicious: Float32Array.of(2, 3), clean: Float32Array.of(1, 2) }), 7 / 8);
 * ```
 */
export function auroc(kinds: TwoKinds): number {
  const { suspicious, clean } = requireScores(kinds);
  const [high, low] = [suspicious.toSorted(), clean.toSorted()];
  let [below, upTo, halves] = [0, 0, 0];
  for (const score of high) {
    while (below < low.length && low[below]! < score) below++;
    while (upTo < low.length && low[upTo]! <= score) upTo++;
    // Each one below counts two halves, each equal one a half.
    halves += below + upTo;
  }
  return halves / 2 / high.length / low.length;
}

/**
 * The curve of all thresholds, for drawing.
 *
 * @param options.resolution Points that lie nearer to the one before, either way, are left out.
 * @returns From (0, 0) to (1, 1), both rates rising.
 * @throws {RangeError} As `auroc`.
 */
export function rocCurve(
  kinds: TwoKinds,
  { resolution = 1 / 500 }: { readonly resolution?: number } = {},
): RocPoint[] {
  const { suspicious, clean } = requireScores(kinds);
  const [high, low] = [suspicious.toSorted().reverse(), clean.toSorted().reverse()];
  const points: RocPoint[] = [{ falsePositiveRate: 0, truePositiveRate: 0 }];
  let [found, alarms] = [0, 0];
  while (found < high.length || alarms < low.length) {
    const threshold = Math.max(high[found] ?? -Infinity, low[alarms] ?? -Infinity);
    while (high[found]! >= threshold) found++;
    while (low[alarms]! >= threshold) alarms++;
    const point = {
      falsePositiveRate: alarms / low.length,
      truePositiveRate: found / high.length,
    };
    const last = points.at(-1)!;
    const moved = Math.max(
      point.falsePositiveRate - last.falsePositiveRate,
      point.truePositiveRate - last.truePositiveRate,
    );
    if (moved >= resolution || found === high.length && alarms === low.length) points.push(point);
  }
  return points;
}

/** @throws {RangeError} If a kind has no scores, or one of them is NaN. */
function requireScores(kinds: TwoKinds): TwoKinds {
  for (const [kind, scores] of Object.entries(kinds)) {
    if (scores.length > 0 && !scores.some(Number.isNaN)) continue;
    throw new RangeError(
      `Cannot tell suspicious from clean: ${kind} scores must be numbers, at least one, got ` +
        (scores.length === 0 ? "none" : "NaN"),
    );
  }
  return kinds;
}
