/**
 * PNG to samples.
 *
 * Why not a library: fast-png 8 inflates image data and colour profiles without a bound, takes
 * image data that is too short, and misreads interlaced images below 8 bits. With the container
 * checked (`png_file.ts`) and the data inflated by `node:zlib` under a bound, only filters and
 * passes are left to do here.
 *
 * @module
 */

import { inflateSync } from "node:zlib";
import { brokenImage } from "./errors.ts";
import { orient } from "./orient.ts";
import { type PngColour, type PngFile, type PngHeader, readPngFile } from "./png_file.ts";
import type { Raster } from "./raster.ts";

/** A grid of pixels that the file stores row by row: the whole image, or a pass of Adam7. */
interface Pass {
  readonly left: number;
  readonly top: number;
  readonly columnStep: number;
  readonly rowStep: number;
}

const WHOLE: readonly Pass[] = [{ left: 0, top: 0, columnStep: 1, rowStep: 1 }];

const ADAM7: readonly Pass[] = [
  { left: 0, top: 0, columnStep: 8, rowStep: 8 },
  { left: 4, top: 0, columnStep: 8, rowStep: 8 },
  { left: 0, top: 4, columnStep: 4, rowStep: 8 },
  { left: 2, top: 0, columnStep: 4, rowStep: 4 },
  { left: 0, top: 2, columnStep: 2, rowStep: 4 },
  { left: 1, top: 0, columnStep: 2, rowStep: 2 },
  { left: 0, top: 1, columnStep: 1, rowStep: 2 },
];

const SAMPLES: Readonly<Record<PngColour, 1 | 2 | 3 | 4>> = {
  "grey": 1,
  "palette": 1,
  "grey-alpha": 2,
  "rgb": 3,
  "rgb-alpha": 4,
};

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
  const samples = readSamples(header, inflate(header, file.compressed));
  if (header.colour === "palette") return resolvePalette(file, samples);
  const { width, height, depth } = header;
  const channels = SAMPLES[header.colour];
  const scale = depth < 8 ? 255 / (2 ** depth - 1) : 1;
  const raster: Raster = {
    width,
    height,
    channels,
    data: scale === 1 ? samples : samples.map((sample) => sample * scale),
    maximum: depth === 16 ? 65535 : 255,
  };
  return transparency.length === 0 ? raster : addAlpha(raster, readKey(transparency, scale));
}

/** Inflates to exactly the size that the header implies: the memory is bounded before it is used. */
function inflate(header: PngHeader, compressed: Uint8Array): Uint8Array {
  const size = passesOf(header).reduce((sum, { rows, rowBytes }) => sum + rows * (1 + rowBytes), 0);
  let inflated: Uint8Array;
  try {
    inflated = inflateSync(compressed, { maxOutputLength: size });
  } catch (cause) {
    const got = cause instanceof Error ? cause.message : cause;
    throw brokenImage("PNG", `image data must be a zlib stream of ${size} bytes, got "${got}"`, {
      cause,
    });
  }
  if (inflated.length !== size) {
    throw brokenImage("PNG", `image data must inflate to ${size} bytes, got ${inflated.length}`);
  }
  return inflated;
}

/** The passes that hold any pixel, with their sizes in the file. */
function passesOf({ width, height, depth, colour, interlaced }: PngHeader) {
  return (interlaced ? ADAM7 : WHOLE).map((pass) => {
    const rows = Math.ceil((height - pass.top) / pass.rowStep);
    const columns = Math.ceil((width - pass.left) / pass.columnStep);
    return { pass, rows, columns, rowBytes: Math.ceil(columns * SAMPLES[colour] * depth / 8) };
  }).filter(({ rows, columns }) => rows > 0 && columns > 0);
}

/**
 * Undoes the filters, in place, and puts the samples of all passes where they belong.
 *
 * @returns One sample an element, `(H, W, samples a pixel)`, as stored: not scaled.
 */
function readSamples(header: PngHeader, inflated: Uint8Array): Uint8Array | Uint16Array {
  const { width, height, depth } = header;
  const perPixel = SAMPLES[header.colour];
  const total = width * height * perPixel;
  const samples = depth === 16 ? new Uint16Array(total) : new Uint8Array(total);
  // Filters look back by whole bytes, at least one, however small a pixel is.
  const pixelBytes = Math.max(1, perPixel * depth / 8);
  let offset = 0;
  for (const { pass, rows, columns, rowBytes } of passesOf(header)) {
    let above: Uint8Array = new Uint8Array(rowBytes);
    for (let row = 0; row < rows; row++) {
      const line = inflated.subarray(offset + 1, offset + 1 + rowBytes);
      unfilter(inflated[offset]!, line, above, pixelBytes);
      const start = (pass.top + row * pass.rowStep) * width + pass.left;
      for (let column = 0; column < columns; column++) {
        const pixel = (start + column * pass.columnStep) * perPixel;
        for (let s = 0; s < perPixel; s++) {
          samples[pixel + s] = sampleAt(line, column * perPixel + s, depth);
        }
      }
      above = line;
      offset += 1 + rowBytes;
    }
  }
  return samples;
}

/** Undoes the filter of one row, in place (PNG, section 9). */
function unfilter(filter: number, line: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  if (filter > 4) throw brokenImage("PNG", `row filters must be from 0 to 4, got ${filter}`);
  if (filter === 0) return;
  for (let i = 0; i < line.length; i++) {
    const left = i < pixelBytes ? 0 : line[i - pixelBytes]!;
    const up = above[i]!;
    const upLeft = i < pixelBytes ? 0 : above[i - pixelBytes]!;
    line[i]! += filter === 1
      ? left
      : filter === 2
      ? up
      : filter === 3
      ? (left + up) >> 1
      : paeth(left, up, upLeft);
  }
}

/** Whichever neighbour is nearest to left + up − upLeft; at a tie, the first of the three. */
function paeth(left: number, up: number, upLeft: number): number {
  const byLeft = Math.abs(up - upLeft);
  const byUp = Math.abs(left - upLeft);
  const byUpLeft = Math.abs(left + up - 2 * upLeft);
  if (byLeft <= byUp && byLeft <= byUpLeft) return left;
  return byUp <= byUpLeft ? up : upLeft;
}

/** The sample at an index of a row: two bytes, one, or some bits from the high end. */
function sampleAt(line: Uint8Array, index: number, depth: number): number {
  if (depth === 8) return line[index]!;
  if (depth === 16) return line[2 * index]! << 8 | line[2 * index + 1]!;
  const bit = index * depth;
  return line[bit >> 3]! >> (8 - depth - (bit & 7)) & (2 ** depth - 1);
}

function resolvePalette(file: PngFile, indices: Uint8Array | Uint16Array): Raster {
  const { header: { width, height }, palette, transparency } = file;
  const channels = transparency.length === 0 ? 3 : 4;
  const data = new Uint8Array(width * height * channels);
  for (let pixel = 0; pixel < indices.length; pixel++) {
    const index = indices[pixel]!;
    if (3 * index >= palette.length) {
      throw brokenImage(
        "PNG",
        `palette indices must be below ${palette.length / 3}, got ${index}`,
      );
    }
    for (let c = 0; c < 3; c++) data[pixel * channels + c] = palette[3 * index + c]!;
    // tRNS may be shorter than the palette: the rest is opaque.
    if (channels === 4) data[pixel * channels + 3] = transparency[index] ?? 255;
  }
  return { width, height, channels, data, maximum: 255 };
}

function readKey(transparency: Uint8Array, scale: number): number[] {
  const view = new DataView(transparency.buffer, transparency.byteOffset, transparency.byteLength);
  return Array.from({ length: transparency.length / 2 }, (_, i) => view.getUint16(2 * i) * scale);
}

/** Adds an alpha channel that is zero where all samples equal the key's, else full. */
function addAlpha(raster: Raster, key: readonly number[]): Raster {
  const { width, height, maximum } = raster;
  const colours = key.length;
  const length = width * height * (colours + 1);
  const data = maximum === 255 ? new Uint8Array(length) : new Uint16Array(length);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const colour = raster.data.subarray(pixel * colours, (pixel + 1) * colours);
    data.set(colour, pixel * (colours + 1));
    const transparent = key.every((sample, c) => sample === colour[c]);
    data[pixel * (colours + 1) + colours] = transparent ? 0 : maximum;
  }
  return { width, height, channels: colours === 1 ? 2 : 4, data, maximum };
}
