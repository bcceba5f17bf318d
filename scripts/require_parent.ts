/**
 * Places to write to.
 *
 * @module
 */

import { dirname } from "node:path";
import { NotFoundError } from "../lib/core/errors.ts";

/**
 * Refuses a place whose folder does not exist, before the work.
 *
 * @throws {NotFoundError} If it does not.
 */
export async function requireParent(path: string): Promise<void> {
  try {
    await Deno.stat(dirname(path));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    const message = `Cannot write ${path}: its folder does not exist; create it or change --out`;
    throw new NotFoundError(message, { cause: error });
  }
}
