/**
 * Tables of figures, for terminals and for Markdown.
 *
 * @module
 */

import { formatCount } from "../../lib/core/format.ts";
import { formatTable } from "../../lib/core/table.ts";
import type { ReportTable } from "../../lib/report/markdown.ts";
import type { Summary } from "./statistics.ts";

/** A part of a report: what one place of `BENCHMARKS.md` holds. */
export interface Section {
  /** The place's name, for example `"bench:train article"`. */
  readonly name: string;
  readonly tables: readonly ReportTable[];
  /** The figures behind the tables, for programs. */
  readonly results: object;
}

/** A table in plain text. */
export function toText({ title, head, alignments, rows, notes = [] }: ReportTable): string {
  return [title, "", formatTable([head, ...rows], alignments), ...notes].join("\n");
}

/** A figure with as many digits as mean something: `"2,950"`, `"82.1"`, `"0.273"`; `"–"` for none. */
export function formatFigure(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return Math.abs(value) >= 100 ? formatCount(Math.round(value)) : value.toPrecision(3);
}

/** A median and its spread, apart: `["2,950", "2,910…3,020"]`. */
export function formatSummary(
  summary: Summary | null,
): [median: string, spread: string] {
  if (summary === null) return ["–", "–"];
  return [
    formatFigure(summary.median),
    `${formatFigure(summary.min)}…${formatFigure(summary.max)}`,
  ];
}

/** A ratio's median and spread in one cell: `"1.85× (1.80…1.92)"`. */
export function formatRatio(summary: Summary | null): string {
  if (summary === null) return "–";
  const [median, spread] = formatSummary(summary);
  return `${median}× (${spread})`;
}
