/**
 * Places to write to.
 *
 * @module
 */

import { dirname } from "node:path";
import { absentAsNull } from "../../lib/core/absent_as_null.ts";
import { NotFoundError, UsageError } from "../../lib/core/errors.ts";
import { reasonOf } from "../../lib/core/reason_of.ts";

/**
 * Refuses a place whose folder does not exist or cannot be written to, before the work.
 *
 * @throws {NotFoundError} If it does not.
 * @throws {UsageError} If it cannot.
 */
export async function requireParent(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await Deno.remove(await Deno.makeTempFile({ dir: folder }));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const found = await whatIsAt(folder, error);
    if (found === null) {
      const message = `Cannot write ${path}: its folder does not exist; create it or change --out`;
      throw new NotFoundError(message, { cause: error });
    }
    throw new UsageError(
      `Cannot write ${path}: its folder must be one that can be written to, got ${found}; change ` +
        "--out",
      { cause: error },
    );
  }
}

/**
 * Makes a folder that files are to be written to, unless it is there.
 *
 * @param flag The flag that names it, for the message.
 * @throws {UsageError} If nothing can be written there.
 */
export async function requireFolder(folder: string, flag: string): Promise<void> {
  try {
    await Deno.mkdir(folder, { recursive: true });
    await Deno.remove(await Deno.makeTempFile({ dir: folder }));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const found = await whatIsAt(folder, error) ?? `none: ${reasonOf(error)}`;
    throw new UsageError(
      `Cannot write to ${folder}: it must be a folder that can be written to, got ${found}; choose ` +
        `another by ${flag}`,
      { cause: error },
    );
  }
}

/** What is in the place of a folder that can be written to; `null` for nothing. */
async function whatIsAt(folder: string, refusal: Error): Promise<string | null> {
  try {
    const found = await absentAsNull(Deno.stat(folder));
    if (found === null) return null;
    return found.isDirectory ? `one that refuses: ${reasonOf(refusal)}` : "a file";
  } catch (error) {
    return error instanceof Error ? `one that refuses: ${reasonOf(error)}` : null;
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
      (found.isDirectory ? "folder; choose another" : "file; choose another, or give --force"),
  );
}
