/**
 * Folders that are there whole or not at all.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { UsageError } from "../core/errors.ts";
import type { DatasetFile } from "./format.ts";

/**
 * Writes files into a new folder beside its place, then moves it there.
 *
 * @param folder Where: nothing may stand there but an empty folder, in a folder that exists.
 * @param files What; made one after the other as they are written.
 * @param options.signal Stops the work; no file is left then.
 * @throws {UsageError} If something stands there.
 * @throws The signal's reason, if it fires.
 */
export async function writeFolder(
  folder: string,
  files: AsyncIterable<DatasetFile>,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  await checkFree(folder);
  const temporary = `${folder}.${crypto.randomUUID()}.tmp`;
  try {
    await Deno.mkdir(temporary);
    const made = new Set<string>();
    for await (const { path, bytes } of files) {
      signal.throwIfAborted();
      const parent = dirname(join(temporary, path));
      if (!made.has(parent)) await Deno.mkdir(parent, { recursive: true });
      made.add(parent);
      await Deno.writeFile(join(temporary, path), bytes, { createNew: true });
    }
    signal.throwIfAborted();
    await Deno.rename(temporary, folder);
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
