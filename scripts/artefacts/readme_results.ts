/**
 * The README's table of the papers' figures beside ours, from the results that are committed.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { formatCountOf } from "../../lib/core/format.ts";
import { type ExperimentName, type ExperimentResults, makeReport } from "../../lib/report/mod.ts";
import { toMarkdown } from "../tools/markdown.ts";
import { experiments, readResults } from "../../lib/experiment/mod.ts";
import { replaceSection } from "../tools/markdown.ts";
import type { Artefact } from "./artefact.ts";

const root = new URL("../../", import.meta.url);

/** `README.md`, with a table for each experiment of which there are results. */
export const readmeResults: Artefact = {
  path: "README.md",
  async build() {
    const results = await Promise.all(
      experiments.map(({ name }) => readResults(fileOf(name), name)),
    );
    const tables = results.filter((each) => each !== null).map(resultsTable);
    const readme = await Deno.readTextFile(new URL("README.md", root));
    const section = { file: "README.md", name: "results of reproduce" };
    return await format(replaceSection(readme, section, tables.join("\n\n")));
  },
};

function fileOf(experiment: ExperimentName): string {
  return fileURLToPath(new URL(`results/${experiment}.json`, root));
}

/** The figures of one experiment that were measured, each with the command that measures it. */
export function resultsTable(results: ExperimentResults): string {
  const { title, paper: citation, comparisons } = makeReport(results);
  const missing = results.missing.length;
  return toMarkdown({
    title,
    head: ["figure", "paper", "here", "verdict", "of what", "command"],
    alignments: "<>><<<",
    rows: comparisons
      .filter(({ isMeasured }) => isMeasured)
      .map(({ what, paper, ours, verdict, note, command }) => [
        ...[what, paper, ours, verdict ?? "–", note],
        `\`${command.replace("deno task ", "")}\``,
      ]),
    notes: [
      `${citation}; ${formatCountOf(results.cells.length, "model")}` +
      (missing > 0 ? `, ${missing} not trained yet` : ""),
    ],
  });
}

/** The formatter knows how wide Markdown's columns are to be. */
async function format(text: string): Promise<Uint8Array> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", "--ext", "md", "-"],
    cwd: root,
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const [{ success, stdout }] = await Promise.all([
    child.output(),
    new Blob([text]).stream().pipeTo(child.stdin),
  ]);
  if (!success) throw new Error("Cannot format README.md");
  return stdout;
}
