/**
 * The tables of `RESULTS.md`: the papers' figures beside ours, from the results that are committed.
 *
 * @module
 */

import { formatCountOf } from "../../lib/core/format.ts";
import { experimentNames, type ExperimentResults, makeReport } from "../../lib/report/mod.ts";
import { replaceSection, toMarkdown } from "../../lib/report/markdown.ts";
import type { Artefact } from "./artefact.ts";
import { committedResults } from "./committed_results.ts";
import { formatMarkdown } from "./format_markdown.ts";

const FILE = "RESULTS.md";

/** `RESULTS.md`, with a table for each experiment. */
export const resultsDocument: Artefact = {
  path: FILE,
  async build() {
    const tables: string[] = [];
    for (const name of experimentNames) tables.push(resultsTable(await committedResults(name)));
    const text = await Deno.readTextFile(new URL(`../../${FILE}`, import.meta.url));
    const section = { file: FILE, name: "results of reproduce" };
    return await formatMarkdown(replaceSection(text, section, tables.join("\n\n")));
  },
};

/** The figures of one experiment that were measured, each with the command that measures it. */
export function resultsTable(results: ExperimentResults): string {
  const { title, paper, paperUrl, comparisons } = makeReport(results);
  const missing = results.missing.length;
  return toMarkdown({
    title,
    head: ["figure", "paper", "here", "verdict", "rule of the verdict", "of what", "command"],
    alignments: "<>><<<<",
    rows: comparisons
      .filter(({ isMeasured }) => isMeasured)
      .map(({ what, paper, ours, verdict, rule, note, command }) => [
        ...[what, paper, ours, verdict ?? "–", rule || "–", note],
        `\`${command.replace("deno task ", "")}\``,
      ]),
    notes: [
      `${paperUrl === null ? paper : `[${paper}](${paperUrl})`}; ` +
      formatCountOf(results.cells.length, "model") +
      (missing > 0 ? `, ${missing} not trained yet` : ""),
    ],
  });
}
