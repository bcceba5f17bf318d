/**
 * Places to write to.
 *
 * @module
 */

import { dirname } from "node:path";
import { NotFoundError, UsageError } from "../lib/core/errors.ts";

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

/**
 * Refuses a place for a file where a folder stands, or whose own folder does not exist, before the
 * work.
 *
 * @throws {UsageError} If a folder stands there.
 * @throws {NotFoundError} If its folder does not exist.
 */
export async function requireFilePlace(path: string): Promise<void> {
  await requireParent(path);
  try {
    if (!(await Deno.stat(path)).isDirectory) return;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new UsageError(`Cannot write ${path}: --out must be a file, got a folder; choose another`);
}
