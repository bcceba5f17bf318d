/**
 * What an experiment leaves in the folder of results.
 *
 * @module
 */

import { join } from "node:path";
import { UsageError } from "../../lib/core/errors.ts";
import {
  type CellResult,
  type ExperimentName,
  type ExperimentResults,
  makeReport,
  renderPage,
  type Report,
} from "../../lib/report/mod.ts";
import { writeAtomically } from "../write_atomically.ts";
import type { Cell, CellFile } from "./cell.ts";
import { type CellStore, resultOf } from "./cell_store.ts";

/** The results of an experiment, as far as they are in the store. */
export async function resultsOf(
  experiment: ExperimentName,
  { cells, store, dataDigestOf, quick, grid }: Pick<ExperimentResults, "quick" | "grid"> & {
    cells: readonly Cell[];
    store: CellStore;
    dataDigestOf: (cell: Cell) => string | undefined;
  },
): Promise<ExperimentResults> {
  const files = await Promise.all(cells.map((cell) => store.find(cell, dataDigestOf(cell))));
  return {
    format: 1,
    experiment,
    quick,
    ...grid === undefined ? {} : { grid },
    cells: files.flatMap((file) => file === null ? [] : withoutTiming(file)),
    missing: cells.flatMap(({ id }, i) => files[i] === null ? id : []),
  };
}

/** What is the same however often, and wherever, the cell is trained again. */
function withoutTiming({ timing: _, ...result }: CellFile): CellResult {
  return result;
}

/**
 * Puts the results of another run into a store, which then need not be trained again.
 *
 * @param store What it holds already stays.
 * @returns How many of them are of these cells as they are now; the others are left out.
 */
export async function takeResults(
  { cells: given }: ExperimentResults,
  { cells, store, dataDigestOf }: {
    cells: readonly Cell[];
    store: CellStore;
    dataDigestOf: (cell: Cell) => string | undefined;
  },
): Promise<number> {
  const byId = new Map(given.map((result) => [result.id, result]));
  let taken = 0;
  for (const cell of cells) {
    const given = byId.get(cell.id);
    const result = given && resultOf(cell, given, dataDigestOf(cell));
    if (!result) continue;
    taken++;
    if (await store.find(cell, dataDigestOf(cell)) === null) {
      await store.save({ ...result, timing: null });
    }
  }
  return taken;
}

/**
 * Reads an experiment's JSON, as `writeReport` writes it.
 *
 * @throws {UsageError} If there are no results of this experiment.
 */
export async function readResults(
  path: string,
  experiment: ExperimentName,
): Promise<ExperimentResults> {
  const refuse = (got: string) =>
    new UsageError(
      `Cannot take results: ${path} must be what an earlier reproduce ${experiment} has written, ` +
        `got ${got}`,
    );
  let results: Partial<ExperimentResults>;
  try {
    results = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw refuse("no file");
    if (error instanceof Deno.errors.IsADirectory) throw refuse("a folder");
    if (error instanceof SyntaxError) throw refuse("no JSON");
    throw error;
  }
  if (results?.format !== 1 || !Array.isArray(results.cells)) throw refuse("something else");
  if (results.experiment !== experiment) throw refuse(`results of ${results.experiment}`);
  return results as ExperimentResults;
}

/**
 * Writes results, the report made from them, and its figures as files of their own.
 *
 * @param folder Made where it does not exist.
 * @returns The report, and where it and the results are.
 */
export async function writeReport(
  folder: string,
  results: ExperimentResults,
): Promise<{ readonly report: Report; readonly html: string; readonly json: string }> {
  const text = `${JSON.stringify(results)}\n`;
  const report = makeReport(JSON.parse(text));
  const figures = join(folder, results.experiment, "figures");
  await Deno.mkdir(figures, { recursive: true });
  const write = async (path: string, contents: string) => {
    await writeAtomically(path, new TextEncoder().encode(contents));
    return path;
  };
  for (const { name, drawing } of report.sections.flatMap((section) => section.figures)) {
    await write(join(figures, `${name}.svg`), `${drawing}\n`);
  }
  return {
    report,
    json: await write(join(folder, `${results.experiment}.json`), text),
    html: await write(join(folder, `${results.experiment}.html`), renderPage(report)),
  };
}
