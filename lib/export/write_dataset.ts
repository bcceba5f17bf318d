/**
 * A data set with its manifest, written whole or not at all.
 *
 * @module
 */

import { join } from "node:path";
import { sha256 } from "../core/digest.ts";
import { writeTogether } from "../core/write_atomically.ts";
import { toNpz } from "../data/mod.ts";
import type { DataJob } from "../job/mod.ts";
import type { ArrangedData } from "./arrange_data.ts";
import type { ByteDataset, DatasetFile, DatasetFormat } from "./format.ts";
import { describeDataset, formatManifest } from "./manifest.ts";
import { MANIFEST, writeFolder } from "./write_folder.ts";

/** What the manifest tells, and what is told of the writing. */
interface WrittenDataset {
  readonly data: ArrangedData;
  readonly job: DataJob;
  /** Threads of a proxy's training. */
  readonly workers: number;
  /** Of this software. */
  readonly version: string;
  /** Whether the training rows stand in a random order. */
  readonly shuffled: boolean;
  /** Called with the number of images in each file that is ready. */
  readonly onImages: (count: number) => void;
}

/**
 * Where the manifest of a data set is: in its folder, or beside an archive, of which it would
 * otherwise be taken for an array.
 */
export function manifestPath(out: string, container: DatasetFormat["container"]): string {
  return container === "folder"
    ? join(out, MANIFEST)
    : `${out.slice(0, -".npz".length)}.${MANIFEST}`;
}

/**
 * Writes a data set.
 *
 * @param out The folder or the archive; `.npz` at the end of an archive.
 * @param bytes What is written.
 * @param options.format How.
 * @throws The signal's reason, if it fires; nothing is left behind then.
 */
export async function writeDataset(
  out: string,
  bytes: ByteDataset,
  { format, signal, isReplaced, ...written }: WrittenDataset & {
    readonly format: DatasetFormat;
    readonly signal: AbortSignal;
    /** Whether a data set that stands there is replaced. */
    readonly isReplaced: boolean;
  },
): Promise<void> {
  const files = withManifest(format.files(bytes), written);
  if (format.container === "npz") return await writeArchive(out, files, { signal });
  await writeFolder(out, files, { signal, isReplaced });
}

/** The files of a data set, and behind them the manifest with their digests. */
async function* withManifest(
  files: Iterable<DatasetFile>,
  { onImages, ...described }: WrittenDataset,
): AsyncGenerator<DatasetFile> {
  const digests: Record<string, string> = {};
  for (const file of files) {
    digests[file.path] = await sha256(file.bytes);
    yield file;
    onImages(file.images ?? 0);
  }
  const text = formatManifest(describeDataset({ ...described, files: digests }));
  yield { path: MANIFEST, bytes: new TextEncoder().encode(text) };
}

/** An archive and, beside it, the last of the files, which is the manifest: both or neither. */
async function writeArchive(
  out: string,
  files: AsyncIterable<DatasetFile>,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const all = await Array.fromAsync(files);
  const entries = all.filter(({ path }) => path !== MANIFEST);
  const archive = toNpz(Object.fromEntries(entries.map(({ path, bytes }) => [path, bytes])));
  // Signals have their turn.
  await new Promise((resolve) => setTimeout(resolve));
  signal.throwIfAborted();
  await writeTogether([
    { path: out, bytes: archive },
    { path: manifestPath(out, "npz"), bytes: all.at(-1)!.bytes },
  ]);
}
