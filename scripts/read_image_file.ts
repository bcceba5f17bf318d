/**
 * Image files that flags name.
 *
 * @module
 */

import { NotFoundError } from "../lib/core/errors.ts";
import { decodeImage, type Raster } from "../lib/image/mod.ts";

/**
 * Reads an image file, PNG or JPEG.
 *
 * @param flag The flag that named it, for example `"--image"`, for the message.
 * @throws {NotFoundError} If there is no such file.
 * @throws {ImageDecodeError} If it is no image that can be read.
 */
export async function readImageFile(file: string, flag: string): Promise<Raster> {
  try {
    return decodeImage(await Deno.readFile(file));
  } catch (error) {
    const isFolder = error instanceof Deno.errors.IsADirectory;
    if (!isFolder && !(error instanceof Deno.errors.NotFound)) throw error;
    const why = isFolder ? "it is a folder" : "there is no such file";
    throw new NotFoundError(`Cannot read ${file}: ${why}; give ${flag} another path`, {
      cause: error,
    });
  }
}
