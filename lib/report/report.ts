/**
 * What a report consists of, before it is HTML.
 *
 * @module
 */

import { formatPoints } from "../core/format.ts";
import type { MeasuredBy } from "./cells.ts";
import type { Reference } from "./reference.ts";
import type { ExperimentResults } from "./results.ts";
import { type Verdict, verdictIf, verdictOn } from "./verdict.ts";

/** A row of the table that every report begins with: the paper's figure beside ours. */
export interface Comparison {
  /** What was measured. */
  readonly what: string;
  /** As people read them; `"–"` for what is not there. */
  readonly paper: string;
  readonly ours: string;
  readonly difference: string;
  /** Whether all of it has been measured. */
  readonly isMeasured: boolean;
  /** `null` where some of it has not been measured yet, where no paper has it, and in a quick run. */
  readonly verdict: Verdict | null;
  /** Where the paper's figure stands; empty where no paper has it. */
  readonly source: string;
  /** What the verdict allows. */
  readonly margin: string;
  /** What else is to be said of ours: the spread, the worst case. */
  readonly note: string;
  /** The command line that measures it. */
  readonly command: string;
}

/** A drawing, by itself. */
export interface Figure {
  /** Unique within the report; names its file: `"pattern-backdoor-error"`. */
  readonly name: string;
  /** One sentence: what is to be seen. */
  readonly caption: string;
  /** Whether it takes the whole width. */
  readonly isWide: boolean;
  /** An `<svg>` element. */
  readonly drawing: string;
}

/** A table of text. */
export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** A part of a report. */
export interface Section {
  readonly title: string;
  /** One paragraph: what was done. */
  readonly text: string;
  /** How its models were trained, a sentence each. */
  readonly setup: readonly string[];
  readonly figures: readonly Figure[];
  readonly tables: readonly Table[];
}

/** The report of one experiment. */
export interface Report {
  readonly title: string;
  /** The paper. */
  readonly subtitle: string;
  readonly results: ExperimentResults;
  readonly comparisons: readonly Comparison[];
  readonly sections: readonly Section[];
}

/** How a figure is read: a share of a hundred, or a difference of two. */
export type Unit = (value: number) => string;

/** Compares a figure of ours with a paper's, if it has been measured and there is one. */
export function compare(
  what: string,
  { reference, ours, unit, note = "", by: { command, isComplete } }: {
    /** `null` where no paper has the figure. */
    reference: Reference | null;
    /** `null` where it has not been measured. */
    ours: number | null;
    unit: Unit;
    note?: string;
    by: MeasuredBy;
  },
): Comparison {
  return {
    what,
    paper: reference === null ? "–" : unit(reference.value),
    ours: ours === null ? "–" : unit(ours),
    difference: ours === null || reference === null ? "–" : formatPoints(ours - reference.value),
    isMeasured: ours !== null && isComplete,
    verdict: ours === null || !isComplete || reference === null ? null : verdictOn(ours, reference),
    source: reference?.source ?? "",
    margin: reference === null ? "" : describeMargins(reference),
    note: noteOn(note, { isMeasured: ours !== null, isComplete }),
    command,
  };
}

function describeMargins({ tolerance, close }: Reference): string {
  const points = (fraction: number) => `${(fraction * 100).toFixed(2)} points`;
  return `reproduced to within ${points(tolerance)}, close to within ${points(close)}`;
}

/** A figure that lacks some of its models is none yet, however it looks. */
function noteOn(
  note: string,
  { isMeasured, isComplete }: { isMeasured: boolean; isComplete: boolean },
): string {
  if (!isMeasured) return "not measured yet";
  return isComplete ? note : ["so far", ...note === "" ? [] : [note]].join(", ");
}

/** Compares a statement of a paper with what was found: it holds, or it does not. */
export function compareStatement(
  what: string,
  { paper, ours, holds, source, margin = "", note = "", by: { command, isComplete } }: {
    paper: string;
    ours: string;
    /** `null` where it has not been measured. */
    holds: boolean | null;
    source: string;
    margin?: string;
    note?: string;
    by: MeasuredBy;
  },
): Comparison {
  return {
    what,
    paper,
    ours: holds === null ? "–" : ours,
    difference: "–",
    isMeasured: holds !== null && isComplete,
    verdict: holds === null || !isComplete ? null : verdictIf(holds),
    source,
    margin,
    note: noteOn(note, { isMeasured: holds !== null, isComplete }),
    command,
  };
}
