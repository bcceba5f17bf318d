/**
 * Reports on experiments: the papers' figures, ours, and what to think of them.
 *
 * @module
 */

export { experimentNames, makeReport, titleOf } from "./make_report.ts";
export { renderPage } from "./page.tsx";
export type { Comparison, Figure, Report, Section, Table } from "./report.ts";
export type {
  Attempt,
  CellJob,
  CellResult,
  Example,
  ExperimentName,
  ExperimentResults,
  Figures,
  FilterResult,
  Filters,
} from "./results.ts";
