/**
 * Finding and reading the files of a data set, under the names in which they go around.
 *
 * @module
 */

import { join } from "node:path";
import { IntegrityError, NotFoundError } from "../core/errors.ts";

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
 * @throws {NotFoundError} If the directory holds the file under none of its names.
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
    const stored = await readIfPresent(path);
    if (stored) return { path, bytes: await decompress(stored, { path, remedy }) };
  }
  throw new NotFoundError(
    `Cannot find ${name} in ${directory}: the file must be named ${orList(fileNames)}, ` +
      `got none of these; ${remedy}`,
  );
}

async function readIfPresent(path: string): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await Deno.readFile(path);
  } catch (error) {
    // Some archives unpack to a folder of the file's own name beside the file.
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.IsADirectory) {
      return null;
    }
    throw error;
  }
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
