/**
 * Finished cells in a folder, a file each.
 *
 * @module
 */

import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { CellResult } from "../report/mod.ts";
import { writeAtomically } from "../core/write_atomically.ts";
import type { CellFile, CellOptions } from "./cell.ts";
import { type PlannedCell, toJson } from "./plan_cell.ts";

/** Where cells are kept. */
export interface CellStore {
  /**
   * The result of a cell, if it is there and was made of the same options, which come to the same
   * job as they did then, and the same data.
   *
   * @param dataDigest Names the data as they are now; `undefined` takes a result of any.
   */
  find(cell: PlannedCell, dataDigest: string | undefined): Promise<CellFile | null>;
  /** Keeps a result: the whole of it or, where the process is killed meanwhile, nothing. */
  save(file: CellFile): Promise<void>;
}

/** Opens a folder of cells, which need not exist. */
export function openCellStore(folder: string): CellStore {
  const pathOf = (id: string) => join(folder, `${id}.json`);
  return {
    async find(cell, dataDigest) {
      const file = await readCell(pathOf(cell.id));
      return file && resultOf(cell, file, dataDigest);
    },
    async save(file) {
      await Deno.mkdir(folder, { recursive: true });
      const text = `${JSON.stringify(file, null, 2)}\n`;
      await writeAtomically(pathOf(file.id), new TextEncoder().encode(text));
    },
  };
}

/**
 * What a cell would come to now, if something that was found is that. Which models of a grid show
 * examples depends on the grid: those that the cell does not ask for are left out.
 *
 * @param found The result of any cell; of `Found`, all else stays.
 * @param dataDigest As in `CellStore.find`.
 */
export function resultOf<Found extends CellResult>(
  { id, group, options, job }: PlannedCell,
  found: Found,
  dataDigest: string | undefined,
): Found | null {
  const { examples = 0, ...asked } = options;
  const { examples: kept = 0, ...made } = found.options as Partial<CellOptions>;
  const isSame = found.format === 1 && found.id === id && found.group === group &&
    found.dataDigest === (dataDigest ?? found.dataDigest) &&
    kept >= examples &&
    isDeepStrictEqual(made, toJson(asked)) &&
    isDeepStrictEqual(found.job, job);
  if (!isSame) return null;
  const shown = examples === 0 ? null : found.figures.examples?.slice(0, examples) ?? null;
  return { ...found, options: toJson(options), figures: { ...found.figures, examples: shown } };
}

/** `null` for a file that is not there, or that a failing disk left unreadable. */
async function readCell(path: string): Promise<CellFile | null> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return null;
    throw error;
  }
}
