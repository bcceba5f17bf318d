/**
 * What an experiment leaves in the folder of results.
 *
 * @module
 */

import { join } from "node:path";
import { UsageError } from "../core/errors.ts";
import { reasonOf } from "../core/reason_of.ts";
import type { CellResult, ExperimentName, ExperimentResults } from "../report/mod.ts";
import { writeAtomically } from "../core/write_atomically.ts";
import type { CellFile } from "./cell.ts";
import { type CellStore, resultOf } from "./cell_store.ts";
import type { PlannedCell } from "./plan_cell.ts";

/**
 * The results of an experiment, as far as they are known.
 *
 * @param known.store Where they are, as a rule.
 * @param known.earlier What was written before; taken if the store has no result of a cell, so that
 * nothing is lost of what others have trained. `null` for nothing.
 */
export async function resultsOf(
  experiment: ExperimentName,
  { cells, store, earlier, dataDigestOf, quick, grid }:
    & Pick<ExperimentResults, "quick" | "grid">
    & {
      cells: readonly PlannedCell[];
      store: CellStore;
      earlier: ExperimentResults | null;
      dataDigestOf: (cell: PlannedCell) => string | undefined;
    },
): Promise<ExperimentResults> {
  const before = resultsById(earlier);
  const results = await Promise.all(cells.map(async (cell) => {
    const file = await store.find(cell, dataDigestOf(cell));
    if (file !== null) return withoutTiming(file);
    const given = before.get(cell.id);
    return given === undefined ? null : resultOf(cell, given, dataDigestOf(cell));
  }));
  return {
    format: 1,
    experiment,
    quick,
    ...grid === undefined ? {} : { grid },
    cells: results.filter((result) => result !== null),
    missing: cells.flatMap(({ id }, i) => results[i] === null ? id : []),
  };
}

function resultsById(results: ExperimentResults | null): Map<string, CellResult> {
  return new Map(results?.cells.map((result) => [result.id, result]));
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
  given: ExperimentResults,
  { cells, store, dataDigestOf }: {
    cells: readonly PlannedCell[];
    store: CellStore;
    dataDigestOf: (cell: PlannedCell) => string | undefined;
  },
): Promise<number> {
  const byId = resultsById(given);
  let taken = 0;
  for (const cell of cells) {
    const found = byId.get(cell.id);
    const result = found && resultOf(cell, found, dataDigestOf(cell));
    if (!result) continue;
    taken++;
    if (await store.find(cell, dataDigestOf(cell)) === null) {
      await store.save({ ...result, timing: null });
    }
  }
  return taken;
}

/**
 * Reads an experiment's JSON, as `writeResults` writes it.
 *
 * @returns `null` if there is no such file.
 * @throws {UsageError} If there is something else.
 */
export async function readResults(
  path: string,
  experiment: ExperimentName,
): Promise<ExperimentResults | null> {
  const refuse = (got: string) =>
    new UsageError(
      `Cannot take results: ${path} must be what an earlier reproduce ${experiment} has written, ` +
        `got ${got}; give another, or move it away`,
    );
  let results: Partial<ExperimentResults>;
  try {
    results = JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof Deno.errors.IsADirectory) throw refuse("a folder");
    if (error instanceof SyntaxError) throw refuse("something that is not JSON");
    throw error instanceof Error ? refuse(`what cannot be read: ${reasonOf(error)}`) : error;
  }
  const { format, cells } = results ?? {};
  const isResults = format === 1 && Array.isArray(cells) &&
    cells.every((cell: Partial<CellResult> | null) => typeof cell?.id === "string");
  if (!isResults) throw refuse("something else");
  if (results.experiment !== experiment) throw refuse(`results of ${results.experiment}`);
  return results as ExperimentResults;
}

/**
 * Writes an experiment's JSON, from which its report can be made at any time.
 *
 * @param folder Must exist.
 * @returns Its path.
 */
export async function writeResults(folder: string, results: ExperimentResults): Promise<string> {
  const path = resultsPath(folder, results.experiment);
  await writeAtomically(path, new TextEncoder().encode(`${JSON.stringify(results)}\n`));
  return path;
}

/** Where an experiment's JSON is. */
export function resultsPath(folder: string, experiment: ExperimentName): string {
  return join(folder, `${experiment}.json`);
}
