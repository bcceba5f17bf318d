/**
 * Folders that are there whole or not at all.
 *
 * @module
 */

import { dirname, join, resolve } from "node:path";
import { absentAsNull } from "../core/absent_as_null.ts";
import { UsageError } from "../core/errors.ts";
import { writeFailure } from "../core/write_atomically.ts";
import type { DatasetFile } from "./format.ts";

/** The file that describes a data set, in its folder. */
export const MANIFEST = "manifest.json";

/**
 * Writes files into a new folder beside its place, then moves it there.
 *
 * @param folder Where, in a folder that exists.
 * @param files What; made one after the other as they are written.
 * @param options.signal Stops the work; no file is left then.
 * @param options.isReplaced Whether a data set that stands there is replaced.
 * @throws {UsageError} If something stands there.
 * @throws {Error} If a file cannot be written, for example because the disk is full.
 * @throws The signal's reason, if it fires.
 */
export async function writeFolder(
  folder: string,
  files: AsyncIterable<DatasetFile>,
  { signal, isReplaced = false }: { signal: AbortSignal; isReplaced?: boolean },
): Promise<void> {
  await checkFree(folder, { isReplaced });
  // Without a slash at its end, which would make it a place within the folder.
  const temporary = `${resolve(folder)}.${crypto.randomUUID()}.tmp`;
  const written = (writing: Promise<void>) =>
    writing.catch((error) => {
      throw writeFailure(folder, error);
    });
  try {
    await written(Deno.mkdir(temporary));
    const made = new Set<string>();
    for await (const { path, bytes } of files) {
      signal.throwIfAborted();
      const parent = dirname(join(temporary, path));
      if (!made.has(parent)) await written(Deno.mkdir(parent, { recursive: true }));
      made.add(parent);
      await written(Deno.writeFile(join(temporary, path), bytes, { createNew: true }));
    }
    signal.throwIfAborted();
    await written(replaceFolder(resolve(folder), temporary));
  } catch (error) {
    await absentAsNull(Deno.remove(temporary, { recursive: true }));
    throw error;
  }
}

/**
 * Refuses a place where something stands.
 *
 * @param options.isReplaced Whether a data set may stand there.
 * @throws {UsageError} If it is anything but an empty folder, or a data set that is to be replaced.
 */
export async function checkFree(
  folder: string,
  { isReplaced = false }: { isReplaced?: boolean } = {},
): Promise<void> {
  const names: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) names.push(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (error instanceof Deno.errors.NotADirectory) throw taken(folder, "a file");
    throw error;
  }
  if (names.length === 0 || isReplaced && names.includes(MANIFEST)) return;
  throw taken(folder, "a folder with files in it");
}

function taken(folder: string, what: string): UsageError {
  return new UsageError(
    `Cannot write ${folder}: --out must be a folder that is empty or does not exist, got ${what}; ` +
      "choose another, remove it, or replace a data set by --force",
  );
}

/** Puts a folder in the place of another, or of none. */
async function replaceFolder(folder: string, replacement: string): Promise<void> {
  const old = `${replacement}.old`;
  const isThere = await absentAsNull(Deno.rename(folder, old).then(() => true));
  try {
    await Deno.rename(replacement, folder);
  } catch (error) {
    if (isThere) await Deno.rename(old, folder);
    throw error;
  }
  if (isThere) await Deno.remove(old, { recursive: true });
}
