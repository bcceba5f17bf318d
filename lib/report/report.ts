/**
 * What a report consists of, before it is HTML.
 *
 * @module
 */

import { formatPoints } from "../core/format.ts";
import type { MeasuredBy } from "./cells.ts";
import type { Reference } from "./reference.ts";
import type { ExperimentResults } from "./results.ts";
import { describeRule, type Verdict, verdictIf, verdictOn } from "./verdict.ts";

/** A row of the table that every report begins with: the paper's figure beside ours. */
export interface Comparison {
  /** What was measured. */
  readonly what: string;
  /** As people read them; `"–"` for what is not there. */
  readonly paper: string;
  readonly ours: string;
  readonly difference: string;
  /** Whether the experiment has models that it is measured on. */
  readonly isPlanned: boolean;
  /** Whether all of it has been measured. */
  readonly isMeasured: boolean;
  /** `null` if some of it has not been measured yet, if no paper has it, and in a quick run. */
  readonly verdict: Verdict | null;
  /** Where the paper's figure stands; empty if no paper has it. */
  readonly source: string;
  /** What decides the verdict, in words; empty if no paper has the figure. */
  readonly rule: string;
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

/** The report on one experiment. */
export interface Report {
  readonly title: string;
  /** Authors, title and section of the paper. */
  readonly paper: string;
  /** Where the paper can be read; `null` if it is not published. */
  readonly paperUrl: string | null;
  /** What is to be known of these results beforehand; `null` for nothing. */
  readonly remark: string | null;
  readonly results: ExperimentResults;
  readonly comparisons: readonly Comparison[];
  readonly sections: readonly Section[];
}

/** How a figure is written: a share of a hundred, or a difference of two. */
export type Unit = (value: number) => string;

/** Compares a figure of ours with a paper's, if it has been measured and there is one. */
export function compare(
  what: string,
  { reference, ours, unit, note = "", by }: {
    /** `null` if no paper has the figure. */
    reference: Reference | null;
    /** `null` if it has not been measured. */
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
    verdict: ours === null || !by.isComplete || reference === null
      ? null
      : verdictOn(ours, reference),
    source: reference?.source ?? "",
    rule: reference === null ? "" : describeRule(reference),
    ...measurement({ isMeasured: ours !== null, note, by }),
  };
}

/** Compares a statement of a paper with what was found: it holds, or it does not. */
export function compareStatement(
  what: string,
  { paper, ours, holds, source, rule, note = "", by }: {
    paper: string;
    ours: string;
    /** `null` if it has not been measured. */
    holds: boolean | null;
    source: string;
    /** When it counts as reproduced. */
    rule: string;
    note?: string;
    by: MeasuredBy;
  },
): Comparison {
  return {
    what,
    paper,
    ours: holds === null ? "–" : ours,
    difference: "–",
    verdict: holds === null || !by.isComplete ? null : verdictIf(holds),
    source,
    rule,
    ...measurement({ isMeasured: holds !== null, note, by }),
  };
}

/** What a row says of how it was measured. A figure that lacks some of its models is not final. */
function measurement(
  { isMeasured, note, by: { command, isPlanned, isComplete } }: {
    isMeasured: boolean;
    note: string;
    by: MeasuredBy;
  },
): Pick<Comparison, "isPlanned" | "isMeasured" | "note" | "command"> {
  const described = isComplete ? note : ["so far", ...note === "" ? [] : [note]].join(", ");
  return {
    isPlanned,
    isMeasured: isMeasured && isComplete,
    note: isMeasured ? described : "not measured yet",
    command,
  };
}
