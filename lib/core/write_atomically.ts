/**
 * Files that are either the old or the new one, never half of it.
 *
 * @module
 */

import { reasonOf } from "./reason_of.ts";

/** A file to be written. */
export interface NewFile {
  /** Where; a file there is replaced. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/**
 * Writes a file beside its place, then moves it there.
 *
 * @param path Where; a file there is replaced.
 * @param bytes The contents.
 * @throws {Deno.errors.NotFound} If the folder does not exist.
 * @throws {Error} If the file cannot be written for another reason.
 */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  await writeTogether([{ path, bytes }]);
}

/**
 * Writes files that belong together: none is moved to its place before all are written.
 *
 * @throws As `writeAtomically`.
 */
export async function writeTogether(files: readonly NewFile[]): Promise<void> {
  const pending = files.map((file) => ({
    ...file,
    temporary: `${file.path}.${crypto.randomUUID()}.tmp`,
  }));
  const done = async (path: string, writing: Promise<void>) => {
    try {
      await writing;
    } catch (error) {
      throw error instanceof Deno.errors.NotFound ? error : writeFailure(path, error);
    }
  };
  try {
    for (const { path, bytes, temporary } of pending) {
      await done(path, Deno.writeFile(temporary, bytes, { createNew: true }));
    }
    for (const { path, temporary } of pending) await done(path, Deno.rename(temporary, path));
  } catch (error) {
    // What cannot be removed was not written either; the first error is the one to tell.
    for (const { temporary } of pending) await Deno.remove(temporary).catch(() => {});
    throw error;
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
