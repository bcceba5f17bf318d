/**
 * Places to write to.
 *
 * @module
 */

import { dirname } from "node:path";
import { absentAsNull } from "../../lib/core/absent_as_null.ts";
import { NotFoundError, UsageError } from "../../lib/core/errors.ts";
import { reasonOf } from "../../lib/core/write_atomically.ts";

/**
 * Refuses a place whose folder does not exist or cannot be written to, before the work.
 *
 * @throws {NotFoundError} If it does not.
 * @throws {UsageError} If it cannot.
 */
export async function requireParent(path: string): Promise<void> {
  try {
    await Deno.remove(await Deno.makeTempFile({ dir: dirname(path) }));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error instanceof Deno.errors.NotFound) {
      const message = `Cannot write ${path}: its folder does not exist; create it or change --out`;
      throw new NotFoundError(message, { cause: error });
    }
    throw new UsageError(
      `Cannot write ${path}: its folder must be one that can be written to, got ` +
        `"${reasonOf(error)}"; change --out`,
      { cause: error },
    );
  }
}

/**
 * Refuses a place for a file that cannot be one, before the work.
 *
 * @param options.isNew Whether no file may stand there either.
 * @throws {UsageError} If something stands there that is not to be replaced, or its folder cannot be
 * written to.
 * @throws {NotFoundError} If its folder does not exist.
 */
export async function requireFilePlace(
  path: string,
  { isNew }: { isNew: boolean },
): Promise<void> {
  await requireParent(path);
  const found = await absentAsNull(Deno.stat(path));
  if (found === null || !found.isDirectory && !isNew) return;
  throw new UsageError(
    `Cannot write ${path}: --out must be a file${isNew ? " that does not exist" : ""}, got a ` +
      `${found.isDirectory ? "folder" : "file"}; choose another, or remove it`,
  );
}
