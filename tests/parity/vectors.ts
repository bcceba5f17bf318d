/** The vectors of `fixtures/parity`, read. */

import { fileURLToPath } from "node:url";
import type { ImageBatch } from "../../lib/core/types.ts";

/** Where the vectors are kept. */
export const folder = fileURLToPath(new URL("../../fixtures/parity", import.meta.url));

/** An array as the vectors hold it, row-major. */
export interface StoredArray {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** The cases of one part; `scripts/parity/make_vectors.py` says what their fields mean. */
export async function readCases<Case>(part: string): Promise<readonly Case[]> {
  const { cases } = JSON.parse(await Deno.readTextFile(`${folder}/${part}.json`));
  if (!Array.isArray(cases) || cases.length === 0) throw new Error(`Cannot read ${part}: no cases`);
  return cases;
}

/** A stored array of four axes as images, channels last. */
export function toImages({ shape, data }: StoredArray): ImageBatch {
  const [count, height, width, channels] = shape;
  if (count === undefined || !height || !width || !channels || shape.length !== 4) {
    throw new Error(`Cannot read images: their shape must have four axes, got ${shape}`);
  }
  return { data: Float32Array.from(data), shape: [count, height, width, channels] };
}

/** Images with channels first, as those of most programs, channels last. */
export function channelsLast({ shape, data }: StoredArray): StoredArray {
  const [count = 0, channels = 0, height = 0, width = 0] = shape;
  const pixels = height * width;
  return {
    shape: [count, height, width, channels],
    data: data.map((_, i) => {
      const image = Math.floor(i / (pixels * channels));
      const pixel = Math.floor(i / channels) % pixels;
      return data[(image * channels + i % channels) * pixels + pixel]!;
    }),
  };
}
