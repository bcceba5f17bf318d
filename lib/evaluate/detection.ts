/**
 * How well a detector of inputs or rows does, at thresholds that were chosen beforehand.
 *
 * @module
 */

import { thresholdAt } from "../core/threshold_at.ts";
import { auroc, rocCurve, type RocPoint, type TwoKinds } from "./roc.ts";

/** A threshold, and what it comes to on scores that it was not chosen by; rates are fractions. */
export interface OperatingPoint extends RocPoint {
  /** The rate of false alarms that was asked for. `falsePositiveRate` is the one that came of it. */
  readonly nominal: number;
  /** What scores above it is suspicious. */
  readonly threshold: number;
}

/** Figures of a detector. */
export interface DetectionFigures {
  /** One-sided, ties half. */
  readonly auroc: number;
  readonly points: readonly OperatingPoint[];
  /** Numbers of scores: those evaluated, and those that the thresholds are from. */
  readonly counts: {
    readonly suspicious: number;
    readonly clean: number;
    readonly calibration: number;
  };
  /** For drawing. */
  readonly roc: readonly RocPoint[];
}

/** The rates at which detectors are compared. */
export const DETECTION_RATES: readonly number[] = [0.01, 0.05, 0.1];

/**
 * Measures a detector: its thresholds are from clean scores that are not evaluated, so that the rate of
 * false alarms is what a user would get, too.
 *
 * @param scores What is evaluated: the larger, the more suspicious.
 * @param options `calibration`: scores of other clean ones, as many as the least rate takes
 * (`thresholdAt`); `rates`: of false alarms, `DETECTION_RATES` unless given.
 * @throws {RangeError} If scores are missing or NaN, or too few for a rate.
 *
 * @example
 * ```ts
 * import { measureDetection } from "./detection.ts";
 * import assert from "node:assert/strict";
 *
 * const { points: [point] } = measureDetection(
 *   { suspicious: Float32Array.of(9, 10, 11), clean: Float32Array.of(1, 2, 30) },
 *   { calibration: Float32Array.from({ length: 9 }, (_, i) => i + 1), rates: [0.1] },
 * );
 * assert.deepEqual(point, {
 *   ...{ nominal: 0.1, threshold: 9 },
 *   ...{ falsePositiveRate: 1 / 3, truePositiveRate: 2 / 3 },
 * });
 * ```
 */
export function measureDetection(
  scores: TwoKinds,
  { calibration, rates = DETECTION_RATES }: {
    readonly calibration: Float32Array;
    readonly rates?: readonly number[];
  },
): DetectionFigures {
  const { suspicious, clean } = scores;
  return {
    auroc: auroc(scores),
    points: rates.map((nominal) => {
      const threshold = thresholdAt(calibration, nominal);
      const shareAbove = (some: TwoKinds["clean"]) =>
        Array.from(some).filter((score) => score > threshold).length / some.length;
      return {
        nominal,
        threshold,
        falsePositiveRate: shareAbove(clean),
        truePositiveRate: shareAbove(suspicious),
      };
    }),
    counts: {
      suspicious: suspicious.length,
      clean: clean.length,
      calibration: calibration.length,
    },
    roc: rocCurve(scores),
  };
}
