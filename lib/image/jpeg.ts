/**
 * JPEG to samples: jpeg-js behind a check of the container and of the work that is asked for.
 *
 * @module
 */

import { decode } from "jpeg-js";
import { brokenImage } from "./errors.ts";
import { type JpegFile, readJpegFile } from "./jpeg_file.ts";
import { MAX_PIXELS } from "./limits.ts";
import { orient } from "./orient.ts";
import type { Raster } from "./raster.ts";

/**
 * What jpeg-js may allocate, in MB by its own count: 4 megapixels in four components take 112.
 */
const MAX_MEMORY_MB = 128;

/**
 * Decodes a baseline or progressive JPEG of 8 bits: to one channel if it is grey, else to RGB; of
 * YCbCr, RGB, and Adobe's CMYK and YCCK. It is turned as the orientation in its Exif data says; broken
 * Exif data says nothing. Colour profiles are ignored.
 *
 * @param bytes The file; what follows its end marker is ignored.
 * @throws {ImageDecodeError} If it is broken, truncated, over `MAX_PIXELS` or of another coding.
 */
export function decodeJpeg(bytes: Uint8Array): Raster {
  const file = readJpegFile(bytes);
  const { width, height, colour } = file;
  const decoded = decodeEssence(file);
  if (decoded.width !== width || decoded.height !== height) {
    throw brokenImage(
      "JPEG",
      `it must have one size, got ${width}×${height} and ${decoded.width}×${decoded.height}`,
    );
  }
  const raster: Raster = colour === "grey"
    // jpeg-js repeats grey three times.
    ? {
      ...{ width, height, channels: 1, maximum: 255 },
      data: new Uint8Array(width * height).map((_, pixel) => decoded.data[3 * pixel]!),
    }
    : { width, height, channels: 3, data: decoded.data, maximum: 255 };
  return orient(raster, file.orientation);
}

function decodeEssence({ essence, colour }: JpegFile) {
  try {
    return decode(essence, {
      useTArray: true,
      formatAsRGBA: false,
      // By itself it takes three components for YCbCr even where Adobe's marker says otherwise.
      ...colour === "RGB" && { colorTransform: false },
      // Tolerates only blocks beyond the frame, which it makes up itself at the last restart interval
      // of a grey image. Missing data is an error all the same.
      tolerantDecoding: true,
      maxResolutionInMP: MAX_PIXELS / 1e6,
      maxMemoryUsageInMB: MAX_MEMORY_MB,
    });
  } catch (cause) {
    // On broken data jpeg-js throws whatever it runs into, TypeErrors included.
    const got = cause instanceof Error ? cause.message : cause;
    throw brokenImage("JPEG", `its data must be whole, got "${got}"`, { cause });
  }
}
