/**
 * Image files that flags name.
 *
 * @module
 */

import { NotFoundError } from "../../lib/core/errors.ts";
import { reasonOf } from "../../lib/core/reason_of.ts";
import {
  decodeImage,
  type DecodeOptions,
  ImageDecodeError,
  ImageTypeError,
  type Raster,
} from "../../lib/image/mod.ts";

/**
 * Reads an image file, PNG or JPEG.
 *
 * @param flag The flag that named it, for example `"--image"`, for the message.
 * @param options As of `decodeImage`.
 * @throws {NotFoundError} If there is no such file, or it cannot be read.
 * @throws {ImageDecodeError} If it is no image that can be read; the cause says more.
 */
export async function readImageFile(
  file: string,
  flag: string,
  options: DecodeOptions = {},
): Promise<Raster> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(file);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const message = `Cannot read ${file}: ${reasonOf(error)}; give ${flag} another path`;
    throw new NotFoundError(message, { cause: error });
  }
  try {
    return decodeImage(bytes, options);
  } catch (error) {
    if (!(error instanceof ImageTypeError || error instanceof ImageDecodeError)) throw error;
    throw new ImageDecodeError(`Cannot read ${file}, given by ${flag}: ${error.message}`, {
      cause: error,
    });
  }
}
