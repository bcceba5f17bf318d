/**
 * Finished cells in a folder, a file each.
 *
 * @module
 */

import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { CellResult } from "../../lib/report/mod.ts";
import { writeAtomically } from "../write_atomically.ts";
import type { Cell, CellFile } from "./cell.ts";
import { resolvedJob, toJson } from "./resolved_job.ts";

/** Where cells are kept. */
export interface CellStore {
  /**
   * The result of a cell, if it is there and was made of the same options, which come to the same
   * job as they did then, and the same data.
   *
   * @param dataDigest Names the data as they are now; `undefined` takes a result of whichever.
   */
  find(cell: Cell, dataDigest: string | undefined): Promise<CellFile | null>;
  /** Keeps a result: the whole of it or, where the process is killed meanwhile, nothing. */
  save(file: CellFile): Promise<void>;
}

/** Opens a folder of cells, which need not exist. */
export function openCellStore(folder: string): CellStore {
  const pathOf = (id: string) => join(folder, `${id}.json`);
  return {
    async find(cell, dataDigest) {
      const file = await readCell(pathOf(cell.id));
      return file !== null && isResultOf(file, cell, dataDigest) ? file : null;
    },
    async save(file) {
      await Deno.mkdir(folder, { recursive: true });
      const text = `${JSON.stringify(file, null, 2)}\n`;
      await writeAtomically(pathOf(file.id), new TextEncoder().encode(text));
    },
  };
}

/** Whether a result is what a cell would come to now; `dataDigest` as in `CellStore.find`. */
export function isResultOf(
  result: CellResult,
  { id, group, options }: Cell,
  dataDigest: string | undefined,
): boolean {
  return result.format === 1 && result.id === id && result.group === group &&
    result.dataDigest === (dataDigest ?? result.dataDigest) &&
    isDeepStrictEqual(result.options, toJson(options)) &&
    isDeepStrictEqual(result.job, resolvedJob(options));
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
