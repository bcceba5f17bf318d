/**
 * Finished cells in a folder, a file each.
 *
 * @module
 */

import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { writeAtomically } from "../write_atomically.ts";
import type { Cell, CellFile } from "./cell.ts";
import { toJson } from "./run_cell.ts";

/** Where cells are kept. */
export interface CellStore {
  /**
   * The result of a cell, if it is there and was made of the same options and data.
   *
   * @param dataDigest Names the data as they are now.
   */
  find(cell: Cell, dataDigest: string): Promise<CellFile | null>;
  /** Keeps a result: the whole of it or, where the process is killed meanwhile, nothing. */
  save(file: CellFile): Promise<void>;
}

/** Opens a folder of cells, which need not exist. */
export function openCellStore(folder: string): CellStore {
  const pathOf = (id: string) => join(folder, `${id}.json`);
  return {
    async find(cell, dataDigest) {
      const file = await readCell(pathOf(cell.id));
      const isOfCell = file?.format === 1 && file.dataDigest === dataDigest &&
        file.group === cell.group && isDeepStrictEqual(file.options, toJson(cell.options));
      return isOfCell ? file : null;
    },
    async save(file) {
      await Deno.mkdir(folder, { recursive: true });
      const text = `${JSON.stringify(file, null, 2)}\n`;
      await writeAtomically(pathOf(file.id), new TextEncoder().encode(text));
    },
  };
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
