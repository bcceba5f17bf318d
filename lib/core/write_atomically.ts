/**
 * Files that are either the old or the new one, never half of it.
 *
 * @module
 */

import { absentAsNull } from "./absent_as_null.ts";
import { reasonOf } from "./reason_of.ts";

/**
 * Writes a file beside its place, then moves it there.
 *
 * @param path Where; a file there is replaced.
 * @param bytes The contents.
 * @throws {Deno.errors.NotFound} If the folder does not exist.
 * @throws {Error} If the file cannot be written for another reason.
 */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.writeFile(temporary, bytes, { createNew: true });
    await Deno.rename(temporary, path);
  } catch (error) {
    await absentAsNull(Deno.remove(temporary));
    if (error instanceof Deno.errors.NotFound) throw error;
    throw writeFailure(path, error);
  }
}

/**
 * What to throw in the place of the system's refusal to write.
 *
 * @param path What was to be written, as people know it.
 * @param error The refusal.
 */
export function writeFailure(path: string, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return new Error(
    `Cannot write ${path}: ${reasonOf(error)}; make room there, or choose another place`,
    { cause: error },
  );
}
