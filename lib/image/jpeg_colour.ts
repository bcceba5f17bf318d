/**
 * From a JPEG's components to red, green and blue, or grey.
 *
 * @module
 */

import type { JpegColour } from "./jpeg_file.ts";
import type { JpegFrame } from "./jpeg_frame.ts";
import type { Plane } from "./jpeg_plane.ts";
import { createRowReader, rowLength } from "./jpeg_upsample.ts";
import type { Raster } from "./raster.ts";

/**
 * Puts the components of an image together.
 *
 * @param planes One, three or four, as the colour has it.
 * @returns The image; of grey, in the plane's own memory where its rows have no more than is seen.
 */
export function joinPlanes(
  { width, height }: JpegFrame,
  planes: readonly Plane[],
  colour: JpegColour,
): Raster {
  const [{ samples, stride, component }] = planes as readonly [Plane];
  const isWhole = component.columnFactor === 1 && component.rowFactor === 1 && stride === width;
  if (colour === "grey" && isWhole) {
    const data = samples.subarray(0, width * height);
    return { width, height, channels: 1, data, maximum: 255 };
  }
  const readers = planes.map(createRowReader);
  const rows = planes.map((plane) => new Uint8Array(rowLength(plane)));
  const channels = colour === "grey" ? 1 : 3;
  const pixels = new Uint8Array(width * height * channels);
  const writeRow = WRITERS[colour];
  for (let y = 0; y < height; y++) {
    for (let i = 0; i < planes.length; i++) readers[i]!(y, rows[i]!);
    writeRow(rows, width, pixels, y * width * channels);
  }
  return { width, height, channels, data: pixels, maximum: 255 };
}

type RowWriter = (
  rows: readonly Uint8Array[],
  width: number,
  pixels: Uint8Array,
  at: number,
) => void;

const WRITERS: Readonly<Record<JpegColour, RowWriter>> = {
  grey: ([grey], width, pixels, at) => pixels.set(grey!.subarray(0, width), at),
  RGB: ([red, green, blue], width, pixels, at) => {
    for (let x = 0; x < width; x++) {
      pixels[at + 3 * x] = red![x]!;
      pixels[at + 3 * x + 1] = green![x]!;
      pixels[at + 3 * x + 2] = blue![x]!;
    }
  },
  YCbCr: writeYCbCr,
  CMYK: ([cyan, magenta, yellow, black], width, pixels, at) => {
    for (let x = 0; x < width; x++) {
      const light = black![x]!;
      pixels[at + 3 * x] = inked(cyan![x]!, light);
      pixels[at + 3 * x + 1] = inked(magenta![x]!, light);
      pixels[at + 3 * x + 2] = inked(yellow![x]!, light);
    }
  },
  YCCK: (rows, width, pixels, at) => {
    const black = rows[3]!;
    // What comes out are the inks, not what they leave of the light.
    writeYCbCr(rows, width, pixels, at);
    for (let x = 0, to = at; x < width; x++) {
      for (let c = 0; c < 3; c++, to++) pixels[to] = inked(255 - pixels[to]!, black[x]!);
    }
  },
};

/** As JFIF has it, in libjpeg's whole numbers of 16 bits behind the point (`jdcolor.c`). */
function writeYCbCr(
  rows: readonly Uint8Array[],
  width: number,
  pixels: Uint8Array,
  at: number,
): void {
  const [lumas, blues, reds] = rows as readonly [Uint8Array, Uint8Array, Uint8Array];
  for (let x = 0, to = at; x < width; x++, to += 3) {
    const luma = lumas[x]!;
    const blue = blues[x]! - 128;
    const red = reds[x]! - 128;
    let r = luma + (Math.imul(red, 91881) + 32768 >> 16);
    let g = luma + (Math.imul(blue, -22554) + Math.imul(red, -46802) + 32768 >> 16);
    let b = luma + (Math.imul(blue, 116130) + 32768 >> 16);
    if (((r | g | b) & ~255) !== 0) {
      r = r < 0 ? 0 : r > 255 ? 255 : r;
      g = g < 0 ? 0 : g > 255 ? 255 : g;
      b = b < 0 ? 0 : b > 255 ? 255 : b;
    }
    pixels[to] = r;
    pixels[to + 1] = g;
    pixels[to + 2] = b;
  }
}

/**
 * What an ink and black together leave of the light. Adobe's files hold of both not how much there is
 * but how much is left.
 */
function inked(left: number, light: number): number {
  return light - Math.round((255 - left) * light / 255);
}
