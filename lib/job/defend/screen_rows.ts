/**
 * Verdicts on a training set.
 *
 * @module
 */

import { fromUser } from "../../core/errors.ts";
import { phase } from "../../core/phase.ts";
import {
  nullOf,
  type NullThreshold,
  type PopulationCalibration,
  pValue,
  type RowDefence,
  type RowScores,
  type RowSubject,
  thresholdOfNull,
} from "../../defence/mod.ts";
import { auroc, countFlagged, type FlaggedFigures } from "../../evaluate/mod.ts";
import type { JobContext } from "../context.ts";
import { inHundredths } from "./in_hundredths.ts";

/** What a defence has found in a training set, and how long it took. */
export interface TimedScores extends RowScores {
  readonly method: string;
  readonly title: string;
  readonly seconds: number;
}

/** What a defence says of a training set. */
export interface RowVerdict extends TimedScores {
  readonly suspicious: boolean;
  /** The label with the largest statistic. */
  readonly class: number;
  /** That statistic. */
  readonly statistic: number;
  /** What clean training sets of the same kind come to. */
  readonly null: NullThreshold;
  readonly pValue: number;
  /** Above which score a row of a suspicious class is flagged: the largest cutoff of the clean sets. */
  readonly cutoff: number;
  /** Rows, ascending; none unless a class is suspicious. */
  readonly flagged: Uint32Array;
}

/** How right a verdict is; for sets of which it is known. */
export interface RowTruth extends FlaggedFigures {
  /** Of the rows of the most suspicious class; `null` unless it has rows of both kinds. */
  readonly auroc: number | null;
}

/**
 * Lets a defence score the rows of a training set.
 *
 * @throws {RangeError} If the subject lacks what the defence needs.
 * @throws The signal's reason, if it fires.
 */
export async function scoreRows(
  subject: RowSubject,
  defence: RowDefence,
  { seed, context }: {
    readonly seed: number;
    readonly context: Pick<JobContext, "onEvent" | "signal">;
  },
): Promise<TimedScores> {
  const { name: method, title } = defence;
  const { signal } = context;
  const began = performance.now();
  const found = await phase(
    `looking through the rows by ${title}`,
    context,
    (onStep) => defence.score(subject, { seed, signal, onProgress: inHundredths(onStep) }),
  );
  return { method, title, ...found, seconds: (performance.now() - began) / 1000 };
}

/**
 * Judges scores by clean training sets of the same kind.
 *
 * @param labels Of the rows, `(M)`.
 * @param options `calibration`: the clean sets; `sha256`: digest of the model's weights; `cleanImages`:
 * how many the defence was given, 0 if it takes none; `rate`: of false alarms on sets, that is aimed at.
 * @throws {UsageError} If the clean sets were scored otherwise, or are too few.
 */
export function judgeRows(
  scores: TimedScores,
  labels: Uint8Array,
  { calibration, sha256, cleanImages, rate }: {
    readonly calibration: PopulationCalibration;
    readonly sha256: string;
    readonly cleanImages: number;
    readonly rate?: number | undefined;
  },
): RowVerdict {
  const { method, statistics } = scores;
  const { statistics: clean, cutoffs } = nullOf(calibration, {
    ...{ asks: "rows", method, except: sha256, cleanImages },
  });
  const found = fromUser(() => thresholdOfNull(clean, rate));
  const statistic = Math.max(...statistics);
  const cutoff = Math.max(...cutoffs);
  const isFlagged = (row: number) =>
    statistics[labels[row]!]! > found.threshold && scores.scores[row]! > cutoff;
  return {
    ...scores,
    suspicious: statistic > found.threshold,
    class: statistics.indexOf(statistic),
    statistic,
    null: found,
    pValue: pValue(statistic, clean),
    cutoff,
    flagged: Uint32Array.from(labels.keys()).filter(isFlagged),
  };
}

/**
 * Compares a verdict with what is known.
 *
 * @param verdict Of M rows.
 * @param known `labels` and, 1 where a row is poisoned, `poisoned`, `(M)`.
 */
export function checkRows(
  verdict: Pick<RowVerdict, "scores" | "class" | "flagged">,
  { labels, poisoned }: { readonly labels: Uint8Array; readonly poisoned: Uint8Array },
): RowTruth {
  const of = (kind: number) =>
    verdict.scores.filter((_, row) => labels[row] === verdict.class && poisoned[row] === kind);
  const kinds = { suspicious: of(1), clean: of(0) };
  const isBoth = kinds.suspicious.length > 0 && kinds.clean.length > 0;
  return { ...countFlagged(verdict.flagged, poisoned), auroc: isBoth ? auroc(kinds) : null };
}

/** The score that a share of rows exceeds: a clean set's cutoff. */
export function cutoffOf(scores: Float32Array, rate: number): number {
  return scores.toSorted()[Math.ceil((1 - rate) * scores.length) - 1]!;
}
