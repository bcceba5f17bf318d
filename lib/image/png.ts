/**
 * PNG to samples.
 *
 * Why not a library: fast-png 8 inflates image data and colour profiles without a bound, takes
 * image data that is too short, and misreads interlaced images below 8 bits. With the container
 * checked (`png_file.ts`) and the data inflated by `node:zlib` under a bound (`png_rows.ts`), only
 * filters and passes are left to do here.
 *
 * @module
 */

import { brokenImage } from "./errors.ts";
import { orient } from "./orient.ts";
import { type PngFile, readPngFile } from "./png_file.ts";
import { readRows, SAMPLES } from "./png_rows.ts";
import { readSamples } from "./png_samples.ts";
import type { Raster } from "./raster.ts";

/**
 * Decodes a PNG of any colour type, depth and interlacing.
 *
 * Greys of 1, 2 and 4 bits are scaled to 8, palettes resolved, tRNS turned into an alpha channel.
 * The image is turned as the orientation in its Exif data says; broken Exif data says nothing.
 * Colour profiles and gamma are ignored, as classifiers' data sets ignore them.
 *
 * @param bytes The file.
 * @throws {ImageDecodeError} If it is broken, truncated or over `MAX_PIXELS`.
 * @throws {ImageTypeError} If it is animated.
 */
export function decodePng(bytes: Uint8Array): Raster {
  const file = readPngFile(bytes);
  return orient(readRaster(file), file.orientation);
}

/** The image as it is stored. */
function readRaster(file: PngFile): Raster {
  const { header, transparency } = file;
  const { width, height, depth, colour } = header;
  const isPalette = colour === "palette";
  const scale = depth < 8 && !isPalette ? 255 / (2 ** depth - 1) : 1;
  const data = readSamples(header, readRows(header, file.compressed), scale);
  if (isPalette) return resolvePalette(file, data);
  const maximum = depth === 16 ? 65535 : 255;
  const raster: Raster = { width, height, channels: SAMPLES[colour], data, maximum };
  return transparency.length === 0 ? raster : addAlpha(raster, readKey(transparency, scale));
}

function resolvePalette(file: PngFile, indices: Uint8Array | Uint16Array): Raster {
  const { header: { width, height }, palette, transparency } = file;
  const channels = transparency.length === 0 ? 3 : 4;
  const colours = palette.length / 3;
  // tRNS may be shorter than the palette: the rest is opaque.
  const alphas = new Uint8Array(256).fill(255);
  alphas.set(transparency);
  const data = new Uint8Array(width * height * channels);
  for (let pixel = 0, to = 0; pixel < indices.length; pixel++, to += channels) {
    const index = indices[pixel]!;
    if (index >= colours) {
      throw brokenImage("PNG", `palette indices must be below ${colours}, got ${index}`);
    }
    data[to] = palette[3 * index]!;
    data[to + 1] = palette[3 * index + 1]!;
    data[to + 2] = palette[3 * index + 2]!;
    if (channels === 4) data[to + 3] = alphas[index]!;
  }
  return { width, height, channels, data, maximum: 255 };
}

function readKey(transparency: Uint8Array, scale: number): number[] {
  const view = new DataView(transparency.buffer, transparency.byteOffset, transparency.byteLength);
  return Array.from({ length: transparency.length / 2 }, (_, i) => view.getUint16(2 * i) * scale);
}

/** Adds an alpha channel that is zero where all samples equal the key's, else full. */
function addAlpha(raster: Raster, key: readonly number[]): Raster {
  const { width, height, maximum, data: opaque } = raster;
  const colours = key.length;
  const length = width * height * (colours + 1);
  const data = maximum === 255 ? new Uint8Array(length) : new Uint16Array(length);
  for (let from = 0, to = 0; to < length;) {
    let isKey = true;
    for (let c = 0; c < colours; c++) {
      const sample = opaque[from++]!;
      if (sample !== key[c]) isKey = false;
      data[to++] = sample;
    }
    data[to++] = isKey ? 0 : maximum;
  }
  return { width, height, channels: colours === 1 ? 2 : 4, data, maximum };
}
