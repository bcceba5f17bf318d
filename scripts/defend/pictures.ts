/**
 * Pictures of what defences find, as PNG.
 *
 * @module
 */

import { join } from "node:path";
import { writeAtomically } from "../../lib/core/write_atomically.ts";
import type { Image } from "../../lib/core/types.ts";
import type { ReversedTrigger } from "../../lib/defence/mod.ts";
import { encodePng } from "../../lib/image/mod.ts";
import { requireFolder } from "../cli/require_place.ts";

type Colour = readonly [red: number, green: number, blue: number];

const WHITE: Colour = [1, 1, 1];
const GREY: Colour = [0.6, 0.6, 0.6];
const RED: Colour = [0.8, 0.1, 0.1];
const BLUE: Colour = [0.1, 0.3, 0.8];

/** Pixels of a drawing. */
const WIDTH = 480;
const HEIGHT = 160;

/** Pixels that an enlarged image has at least, each way. */
const LEAST = 224;

const BINS = 60;

/** Enlarges an image by a whole factor, pixel by pixel, so that it can be looked at. */
export function enlarge({ data, shape: [height, width, channels] }: Image): Image {
  const factor = Math.max(1, Math.ceil(LEAST / Math.min(height, width)));
  const [rows, columns] = [height * factor, width * factor];
  const enlarged = new Float32Array(rows * columns * channels);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const from = (Math.floor(row / factor) * width + Math.floor(column / factor)) * channels;
      enlarged.set(data.subarray(from, from + channels), (row * columns + column) * channels);
    }
  }
  return { data: enlarged, shape: [rows, columns, channels] };
}

/** A stamp as it looks on black. */
export function drawTrigger({ mask, pattern, shape }: ReversedTrigger): Image {
  const channels = shape[2];
  const data = pattern.map((value, i) => value * mask[Math.floor(i / channels)]!);
  return enlarge({ data, shape });
}

/**
 * A histogram: grey bars, a red line at the threshold, a blue one at what is judged.
 *
 * @param scores Of clean images or models; infinite ones are left out.
 */
export function drawHistogram(
  scores: ArrayLike<number>,
  { threshold, judged }: { readonly threshold: number; readonly judged?: number },
): Image {
  const all = Array.from(scores).filter(Number.isFinite);
  const marks = [threshold, ...judged === undefined ? [] : [judged]].filter(Number.isFinite);
  const values = [...all, ...marks];
  const least = values.reduce((low, value) => Math.min(low, value), Infinity);
  const range = values.reduce((high, value) => Math.max(high, value), -Infinity) - least || 1;
  const binOf = (value: number) => Math.min(BINS - 1, Math.floor((value - least) / range * BINS));
  const counts = new Array<number>(BINS).fill(0);
  for (const value of all) counts[binOf(value)]!++;
  const most = Math.max(1, ...counts);
  const image = blank();
  const size = WIDTH / BINS;
  counts.forEach((count, bin) => {
    fill(image, { left: bin * size, width: size - 1, height: count / most, colour: GREY });
  });
  marks.forEach((mark, i) => {
    const left = Math.min(WIDTH - 2, Math.round((mark - least) / range * WIDTH));
    fill(image, { left, width: 2, height: 1, colour: i === 0 ? RED : BLUE });
  });
  return image;
}

/** A bar for each class, that of one class in red. */
export function drawBars(values: readonly number[], highlighted: number): Image {
  const finite = values.map((value) => Number.isFinite(value) ? Math.max(0, value) : 0);
  const most = Math.max(...finite) || 1;
  const image = blank();
  const size = Math.floor(WIDTH / values.length);
  finite.forEach((value, i) => {
    const colour = i === highlighted ? RED : GREY;
    fill(image, { left: i * size, width: Math.max(1, size - 2), height: value / most, colour });
  });
  return image;
}

/**
 * Writes pictures into a folder, which is made unless it is there.
 *
 * @param pictures By the names of their files, without `.png`.
 * @returns Where they are.
 * @throws {UsageError} If nothing can be written there.
 */
export async function writePictures(
  folder: string,
  pictures: Readonly<Record<string, Image>>,
): Promise<string[]> {
  await requireFolder(folder, "--out");
  const paths: string[] = [];
  for (const [name, image] of Object.entries(pictures)) {
    const path = join(folder, `${name}.png`);
    await writeAtomically(path, encodePng(image));
    paths.push(path);
  }
  return paths;
}

function blank(): Image {
  const data = new Float32Array(WIDTH * HEIGHT * 3);
  for (let i = 0; i < data.length; i += 3) data.set(WHITE, i);
  return { data, shape: [HEIGHT, WIDTH, 3] };
}

/** Fills a bar that stands on the ground; its height is a share of the drawing's. */
function fill(
  { data }: Image,
  { left, width, height, colour }: {
    readonly left: number;
    readonly width: number;
    readonly height: number;
    readonly colour: Colour;
  },
): void {
  for (let row = HEIGHT - Math.round(height * HEIGHT); row < HEIGHT; row++) {
    for (let column = left; column < left + width; column++) {
      data.set(colour, (row * WIDTH + column) * 3);
    }
  }
}
