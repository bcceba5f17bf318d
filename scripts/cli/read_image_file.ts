/**
 * Image files that flags name.
 *
 * @module
 */

import { NotFoundError } from "../../lib/core/errors.ts";
import { decodeImage, ImageDecodeError, ImageTypeError, type Raster } from "../../lib/image/mod.ts";

/**
 * Reads an image file, PNG or JPEG.
 *
 * @param flag The flag that named it, for example `"--image"`, for the message.
 * @throws {NotFoundError} If there is no such file.
 * @throws {ImageDecodeError} If it is no image that can be read; the cause says more.
 */
export async function readImageFile(file: string, flag: string): Promise<Raster> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(file);
  } catch (error) {
    const isFolder = error instanceof Deno.errors.IsADirectory;
    if (!isFolder && !(error instanceof Deno.errors.NotFound)) throw error;
    const why = isFolder ? "it is a folder" : "there is no such file";
    throw new NotFoundError(`Cannot read ${file}: ${why}; give ${flag} another path`, {
      cause: error,
    });
  }
  try {
    return decodeImage(bytes);
  } catch (error) {
    if (!(error instanceof ImageTypeError || error instanceof ImageDecodeError)) throw error;
    throw new ImageDecodeError(`Cannot read ${file}, given by ${flag}: ${error.message}`, {
      cause: error,
    });
  }
}
