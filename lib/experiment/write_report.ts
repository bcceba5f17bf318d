/**
 * An experiment's report as files: the page, its figures, and what it says as JSON.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../core/write_atomically.ts";
import {
  type ExperimentName,
  experimentNames,
  type ExperimentResults,
  makeReport,
  renderPage,
  type Report,
} from "../report/mod.ts";

/** A report, and where it is. */
export interface WrittenReport {
  readonly report: Report;
  /** Path of the page. */
  readonly html: string;
}

/**
 * Writes the report on some results, which stay as they are: `EXPERIMENT.html`, and in the folder
 * `EXPERIMENT` the page's figures (`figures/*.svg`) and `report.json`, all but the drawings.
 *
 * @param folder Made if it does not exist. The page links to those of other experiments in it.
 * @param options.soon Experiments whose pages are about to be written there: links to them too.
 */
export async function writeReport(
  folder: string,
  results: ExperimentResults,
  { soon = [] }: { soon?: readonly ExperimentName[] } = {},
): Promise<WrittenReport> {
  const report = makeReport(results);
  const own = join(folder, results.experiment);
  await Deno.mkdir(join(own, "figures"), { recursive: true });
  const write = (path: string, contents: string) =>
    writeAtomically(path, new TextEncoder().encode(contents));
  for (const { name, drawing } of report.sections.flatMap((section) => section.figures)) {
    await write(join(own, "figures", `${name}.svg`), `${drawing}\n`);
  }
  await write(join(own, "report.json"), `${JSON.stringify(withoutDrawings(report), null, 2)}\n`);
  const html = pagePath(folder, results.experiment);
  const beside = experimentNames.filter((name) =>
    soon.includes(name) || existsSync(pagePath(folder, name))
  );
  await write(html, renderPage(report, { beside }));
  return { report, html };
}

function pagePath(folder: string, experiment: ExperimentName): string {
  return join(folder, `${experiment}.html`);
}

/** A report as JSON: its figures by their files' names, its models by their number. */
function withoutDrawings({ results, sections, ...report }: Report): object {
  const { experiment, quick, cells, missing } = results;
  return {
    ...{ experiment, quick, models: cells.length, missing },
    ...report,
    sections: sections.map(({ figures, ...section }) => ({
      ...section,
      figures: figures.map(({ name, caption }) => ({ file: `figures/${name}.svg`, caption })),
    })),
  };
}
