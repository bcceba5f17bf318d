/**
 * Folders that are there whole or not at all.
 *
 * @module
 */

import { dirname, join, resolve } from "node:path";
import { UsageError } from "../core/errors.ts";
import { writeFailure } from "../core/write_atomically.ts";
import type { DatasetFile } from "./format.ts";

/**
 * Writes files into a new folder beside its place, then moves it there.
 *
 * @param folder Where: nothing may stand there but an empty folder, in a folder that exists.
 * @param files What; made one after the other as they are written.
 * @param options.signal Stops the work; no file is left then.
 * @throws {UsageError} If something stands there.
 * @throws {Error} If a file cannot be written, for example because the disk is full.
 * @throws The signal's reason, if it fires.
 */
export async function writeFolder(
  folder: string,
  files: AsyncIterable<DatasetFile>,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  await checkFree(folder);
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
    await written(Deno.rename(temporary, resolve(folder)));
  } catch (error) {
    await removeFolder(temporary);
    throw error;
  }
}

/**
 * Refuses a place where something stands.
 *
 * @throws {UsageError} If it is anything but an empty folder.
 */
export async function checkFree(folder: string): Promise<void> {
  try {
    for await (const _ of Deno.readDir(folder)) throw taken(folder, "a folder with files in it");
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    if (error instanceof Deno.errors.NotADirectory) throw taken(folder, "a file");
    throw error;
  }
}

function taken(folder: string, what: string): UsageError {
  return new UsageError(
    `Cannot write ${folder}: --out must be a folder that is empty or does not exist, got ${what}; ` +
      "choose another, or remove it",
  );
}

async function removeFolder(folder: string): Promise<void> {
  try {
    await Deno.remove(folder, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
