/**
 * A photograph for benchmarks: the same bytes on every machine, with what decoding costs of a real
 * one.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import encode, { init } from "@jsquash/jpeg/encode.js";
import { createRandom } from "../../../lib/core/random.ts";

/** Pixels a side. */
const SIZE = 512;

/** Details from half the picture down to two pixels. */
const OCTAVES = 8;

/**
 * Makes the photograph: 512×512 pixels, baseline JPEG, 4:2:0, quality 85. Its content is noise whose
 * strength falls with its frequency, as that of photographs does, in three bands of brightness with
 * edges between them.
 */
export async function makePhotograph(): Promise<Uint8Array<ArrayBuffer>> {
  const codec = import.meta.resolve("@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm");
  await init(await WebAssembly.compile(await Deno.readFile(fileURLToPath(codec))));
  const file = await encode(new ImageData(drawPixels(), SIZE, SIZE), {
    quality: 85,
    baseline: true,
    progressive: false,
    // Tables of the standard, as cameras have them.
    quant_table: 0,
    auto_subsample: false,
    chroma_subsample: 2,
  });
  return new Uint8Array(file);
}

/** RGBA, opaque. */
function drawPixels(): Uint8ClampedArray<ArrayBuffer> {
  const light = noise("light", 60);
  const [red, blue] = [noise("red", 25), noise("blue", 25)];
  const pixels = new Uint8ClampedArray(SIZE * SIZE * 4);
  for (let i = 0; i < SIZE * SIZE; i++) {
    const [x, y] = [i % SIZE, Math.floor(i / SIZE)];
    // A bright sky, a slope before it, a dark ground.
    const base = y < 180 + x / 8 ? 190 : y < 420 - x / 4 ? 120 : 70;
    const y0 = base + light[i]!;
    pixels.set([y0 + red[i]!, y0, y0 + blue[i]!, 255], i * 4);
  }
  return pixels;
}

/** Noise of many frequencies, each of three quarters of the strength of the one before. */
function noise(purpose: string, strength: number): Float32Array {
  const random = createRandom(1, `photograph: ${purpose}`);
  const sum = new Float32Array(SIZE * SIZE);
  for (let octave = 1; octave <= OCTAVES; octave++) {
    const cells = 2 ** octave;
    const grid = new Float32Array((cells + 1) ** 2).map(() => random.uniform() * 2 - 1);
    const amplitude = strength * 0.75 ** (octave - 1);
    for (let i = 0; i < sum.length; i++) {
      const [x, y] = [(i % SIZE) * cells / SIZE, Math.floor(i / SIZE) * cells / SIZE];
      const corner = Math.floor(y) * (cells + 1) + Math.floor(x);
      const [right, down] = [x % 1, y % 1];
      const above = grid[corner]! * (1 - right) + grid[corner + 1]! * right;
      const below = grid[corner + cells + 1]! * (1 - right) + grid[corner + cells + 2]! * right;
      sum[i]! += amplitude * (above * (1 - down) + below * down);
    }
  }
  return sum;
}
