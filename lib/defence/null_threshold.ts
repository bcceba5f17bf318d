/**
 * From the statistics of some clean models to the threshold for others.
 *
 * @module
 */

import { formatCount } from "../core/format.ts";

/** Fewer say next to nothing about a tail. */
export const LEAST_MODELS = 5;

/** The rate of false alarms that is aimed at unless another is asked for. */
export const DEFAULT_RATE = 0.01;

/** Where statistics become suspicious, and how often clean models' do. */
export interface NullThreshold {
  /** A model whose statistic lies above it is suspicious. */
  readonly threshold: number;
  /** Number of clean models n that it is from. */
  readonly models: number;
  /** The largest of their statistics. */
  readonly largest: number;
  /**
   * The rate of false alarms that is proven, 1 / (n + 1): one more clean model trained in the same way
   * is as likely as each of the others to have the largest statistic, whatever their distribution.
   */
  readonly falseAlarmRate: number;
  /** The rate that was aimed at: what it is if the upper half of the statistics falls off exponentially. */
  readonly fittedRate: number;
}

/**
 * Chooses a threshold by clean models alone: the largest of their statistics or, if it is larger, the
 * value that a fitted tail exceeds at the rate aimed at.
 *
 * Twenty models prove no rate below 1 / 21, and a threshold at the largest of them gives one false
 * alarm in 21, not in 100. The tail is the margin: above the median, statistics are taken to fall off
 * exponentially, which is slower than a normal distribution does, so that the margin is rather too wide
 * than too narrow. With k excesses over the (n − k)-th of n statistics, their sum s, another lies above
 * that one with probability (k + 1) / (n + 1), and by more than x with (1 + x / s)^−k of it: this is exact
 * for exponential excesses, and holds how little k of them tell.
 *
 * @param statistics Of clean models, at least `LEAST_MODELS`: the larger, the more suspicious.
 * @param rate Of false alarms, above 0 and below 1.
 * @throws {RangeError} If the rate is out of range, the statistics are too few, or one is not finite.
 *
 * @example
 * ```ts
 * import { thresholdOfNull } from "./null_threshold.ts";
 * import assert from "node:assert/strict";
 *
 * const statistics = Array.from({ length: 19 }, (_, i) => 1 + i / 100);
 * const { threshold, largest, falseAlarmRate } = thresholdOfNull(statistics, 0.01);
 * assert.equal(falseAlarmRate, 0.05);
 * assert.ok(threshold > largest && threshold < 1.5);
 * ```
 */
export function thresholdOfNull(
  statistics: readonly number[],
  rate: number = DEFAULT_RATE,
): NullThreshold {
  requireNull(statistics, rate);
  const sorted = statistics.toSorted((a, b) => a - b);
  const models = sorted.length;
  const excesses = Math.floor(models / 2);
  const base = sorted[models - excesses - 1]!;
  const sum = sorted.slice(-excesses).reduce((total, value) => total + value - base, 0);
  const above = (excesses + 1) / (models + 1);
  const fitted = base + sum * ((above / rate) ** (1 / excesses) - 1);
  const largest = sorted.at(-1)!;
  return {
    threshold: Math.max(largest, fitted),
    models,
    largest,
    falseAlarmRate: 1 / (models + 1),
    fittedRate: rate,
  };
}

/**
 * The p value of a statistic among those of clean models: the share that is at least as large, where
 * the model itself counts as one of them. It is never below 1 / (n + 1).
 *
 * @throws {RangeError} If the statistics are too few, or one is not finite.
 */
export function pValue(statistic: number, statistics: readonly number[]): number {
  requireNull(statistics, DEFAULT_RATE);
  return (1 + statistics.filter((other) => other >= statistic).length) / (1 + statistics.length);
}

function requireNull(statistics: readonly number[], rate: number): void {
  const what = "Cannot choose a threshold";
  if (!(rate > 0 && rate < 1)) {
    throw new RangeError(
      `${what}: the rate of false alarms must be above 0 and below 1, got ${rate}`,
    );
  }
  if (statistics.length < LEAST_MODELS) {
    throw new RangeError(
      `${what}: there must be at least ${LEAST_MODELS} clean models, got ` +
        `${formatCount(statistics.length)}; calibrate on more`,
    );
  }
  const broken = statistics.find((value) => !Number.isFinite(value));
  if (broken !== undefined) {
    throw new RangeError(
      `${what}: statistics of clean models must be finite numbers, got ${broken}; calibrate again`,
    );
  }
}
