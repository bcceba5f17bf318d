/**
 * What `reproduce` came to, for people and for programs.
 *
 * @module
 */

import type { FailedCell, WrittenReport } from "../../lib/experiment/mod.ts";
import { formatCountOf } from "../../lib/core/format.ts";
import type { CommandResult } from "../cli/cli.ts";
import { formatTable } from "../../lib/core/table.ts";

/** What a run of an experiment came to. */
export interface Outcome extends WrittenReport {
  /** Path of the results. */
  readonly json: string;
  readonly failed: readonly FailedCell[];
  /** Number of models that this run trained; `null` if it was to train none. */
  readonly trained: number | null;
}

/** The result of a command that ran some experiments. */
export function describeOutcomes(outcomes: readonly Outcome[]): CommandResult {
  return {
    json: { experiments: outcomes.map(toJson) },
    text: outcomes.map(summarise).join("\n\n"),
  };
}

function toJson({ report, html, json, failed, trained }: Outcome): object {
  const { results: { experiment, quick, cells, missing }, comparisons } = report;
  return {
    ...{ experiment, quick, html, json },
    models: cells.length,
    ...{ trained: trained ?? 0, missing, failed, comparisons },
  };
}

function summarise({ report, html, failed, trained }: Outcome): string {
  const { title, remark, results: { quick, cells, missing }, comparisons } = report;
  const rows = comparisons.map(({ what, paper, ours, difference, verdict }) => [
    ...[what, paper, ours, difference],
    verdict ?? "–",
  ]);
  const counts = [
    formatCountOf(cells.length, "model"),
    ...trained === null ? [] : [`${trained} of them trained now`],
    `${missing.length} missing`,
    ...failed.length > 0 ? [`${failed.length} failed`] : [],
  ];
  return [
    `${title}${quick ? ", quick: figures that say nothing about the paper" : ""}`,
    ...remark === null ? [] : [remark],
    "",
    formatTable([["", "PAPER", "HERE", "DIFFERENCE", "VERDICT"], ...rows], "<>>><"),
    "",
    counts.join(", "),
    `report: ${html}`,
  ].join("\n");
}
