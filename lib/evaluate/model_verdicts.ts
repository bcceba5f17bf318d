/**
 * Verdicts on models, over a population of which it is known how each was trained.
 *
 * @module
 */

import { auroc } from "./roc.ts";

/** A model, and what a defence says of it. */
export interface JudgedModel {
  /**
   * The classes that triggered images are to be taken for: none of a clean model, several under an attack
   * with several.
   */
  readonly targets: readonly number[];
  /** The larger, the more suspicious. */
  readonly statistic: number;
  /** Whether the statistic lies above the threshold, which is from other models. */
  readonly suspicious: boolean;
  /** The class that the defence names; `null` for none. */
  readonly target: number | null;
}

/** Figures of a defence over a population; rates are fractions, `null` if nobody is counted. */
export interface VerdictFigures {
  /** Number of clean models. */
  readonly clean: number;
  /** Number of backdoored ones. */
  readonly backdoored: number;
  /** Share of all models with the right verdict. */
  readonly accuracy: number;
  /** Of the statistics, one-sided, ties half; `null` unless there are models of both kinds. */
  readonly auroc: number | null;
  /** Number of clean models that are called suspicious. */
  readonly falseAlarms: number;
  readonly falseAlarmRate: number | null;
  /** Number of backdoored models that are called suspicious. */
  readonly found: number;
  readonly truePositiveRate: number | null;
  /** Number of those found of which a target is named rightly. */
  readonly named: number;
  /** Share of those found. */
  readonly namedRate: number | null;
}

/**
 * Counts verdicts.
 *
 * @param models At least one.
 * @throws {RangeError} If there are none, or a statistic is NaN.
 */
export function countVerdicts(models: readonly JudgedModel[]): VerdictFigures {
  if (models.length === 0) {
    throw new RangeError("Cannot count verdicts: there must be models, got none");
  }
  const clean = models.filter(({ targets }) => targets.length === 0);
  const backdoored = models.filter(({ targets }) => targets.length > 0);
  const falseAlarms = clean.filter(({ suspicious }) => suspicious).length;
  const hits = backdoored.filter(({ suspicious }) => suspicious);
  const named = hits.filter(({ targets, target }) => target !== null && targets.includes(target));
  const statistics = (some: readonly JudgedModel[]) =>
    Float64Array.from(some, ({ statistic }) => statistic);
  const isBoth = clean.length > 0 && backdoored.length > 0;
  return {
    clean: clean.length,
    backdoored: backdoored.length,
    accuracy: (clean.length - falseAlarms + hits.length) / models.length,
    auroc: isBoth ? auroc({ suspicious: statistics(backdoored), clean: statistics(clean) }) : null,
    falseAlarms,
    falseAlarmRate: rate(falseAlarms, clean.length),
    found: hits.length,
    truePositiveRate: rate(hits.length, backdoored.length),
    named: named.length,
    namedRate: rate(named.length, hits.length),
  };
}

function rate(count: number, of: number): number | null {
  return of > 0 ? count / of : null;
}
