/**
 * Finding and reading the files of a data set, under the names in which they go around.
 *
 * @module
 */

import { join } from "node:path";
import { absentAsNull } from "../core/absent_as_null.ts";
import { IntegrityError, NotFoundError } from "../core/errors.ts";
import { reasonOf } from "../core/reason_of.ts";

/** A data file as it was found. */
export interface DataFile {
  readonly path: string;
  /** The contents, uncompressed. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * Reads one file of a data set, plain or gzipped.
 *
 * @param directory Where to look.
 * @param options.name The authors' name of the file, without `.gz`.
 * @param options.otherNames Under which it goes around too, from the directory; taken in this order.
 * @param options.remedy What to do if it is missing or broken, for the error message.
 * @throws {NotFoundError} If the directory holds the file under none of its names, or is no folder.
 * @throws {IntegrityError} If the file is gzipped and its stream is broken.
 */
export async function readDataFile(
  directory: string,
  { name, otherNames = [], remedy }: {
    name: string;
    otherNames?: readonly string[];
    remedy: string;
  },
): Promise<DataFile> {
  const plain = [name, ...otherNames];
  const fileNames = [...plain, ...plain.map((each) => `${each}.gz`)];
  for (const fileName of fileNames) {
    const path = join(directory, fileName);
    const stored = await readIfPresent(path, remedy);
    if (stored) return { path, bytes: await decompress(stored, { path, remedy }) };
  }
  await requireFolder(directory, { name, remedy });
  throw new NotFoundError(
    `Cannot find ${name} in ${directory}: the file must be named ${orList(fileNames)}, ` +
      `got none of these; ${remedy}`,
  );
}

async function readIfPresent(
  path: string,
  remedy: string,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await absentAsNull(Deno.readFile(path));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Some archives unpack to a folder of the file's own name beside the file.
    if (error instanceof Deno.errors.IsADirectory) return null;
    throw new Error(`Cannot read ${path}: ${reasonOf(error)}; ${remedy}`, { cause: error });
  }
}

/** Says of a directory that it is none, if that is why a file was not found. */
async function requireFolder(
  directory: string,
  { name, remedy }: { name: string; remedy: string },
): Promise<void> {
  const found = await absentAsNull(Deno.stat(directory));
  if (found?.isDirectory) return;
  const why = found === null ? "there is no such folder" : "it is a file, not a folder";
  throw new NotFoundError(`Cannot find ${name} in ${directory}: ${why}; ${remedy}`);
}

/** Decides by the first bytes, not by the name: gzip's magic can begin no file of a data set. */
async function decompress(
  stored: Uint8Array<ArrayBuffer>,
  { path, remedy }: { path: string; remedy: string },
): Promise<Uint8Array<ArrayBuffer>> {
  if (stored[0] !== 0x1f || stored[1] !== 0x8b) return stored;
  const stream = new Blob([stored]).stream().pipeThrough(new DecompressionStream("gzip"));
  try {
    return await new Response(stream).bytes();
  } catch (error) {
    // The stream rejects broken data with a TypeError (Compression Streams standard).
    if (!(error instanceof TypeError)) throw error;
    throw new IntegrityError(
      `Cannot read ${path}: it must be a whole gzip file, got ${error.message}; ${remedy}`,
      { cause: error },
    );
  }
}

function orList(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
