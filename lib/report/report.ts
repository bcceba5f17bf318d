/**
 * What a report consists of, before it is HTML.
 *
 * @module
 */

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
  /** `null` where it has not been measured yet, and in a quick run. */
  readonly verdict: Verdict | null;
  /** Where the paper's figure stands. */
  readonly source: string;
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
  /** An `<svg>` element, or several in a row. */
  readonly drawings: readonly string[];
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

/** Compares a figure of ours with a paper's, if it has been measured. */
export function compare(
  what: string,
  { reference, ours, unit, unitOfDifference, note = "", command }: {
    reference: Reference;
    /** `null` where it has not been measured. */
    ours: number | null;
    unit: Unit;
    unitOfDifference: Unit;
    note?: string;
    command: string;
  },
): Comparison {
  return {
    what,
    paper: unit(reference.value),
    ours: ours === null ? "–" : unit(ours),
    difference: ours === null ? "–" : unitOfDifference(ours - reference.value),
    verdict: ours === null ? null : verdictOn(ours, reference),
    source: reference.source,
    note: ours === null ? "not measured yet" : note,
    command,
  };
}

/** Compares a statement of a paper with what was found: it holds, or it does not. */
export function compareStatement(
  what: string,
  { paper, ours, holds, source, note = "", command }: {
    paper: string;
    ours: string;
    /** `null` where it has not been measured. */
    holds: boolean | null;
    source: string;
    note?: string;
    command: string;
  },
): Comparison {
  return {
    what,
    paper,
    ours: holds === null ? "–" : ours,
    difference: "–",
    verdict: holds === null ? null : verdictIf(holds),
    source,
    note: holds === null ? "not measured yet" : note,
    command,
  };
}
