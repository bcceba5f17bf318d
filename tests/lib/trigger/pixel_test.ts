import assert from "node:assert/strict";
import type { ImageShape } from "../../../lib/core/types.ts";
import { pixel } from "../../../lib/trigger/pixel.ts";

/** Where ART 1.20's `add_single_bd` writes. */
const CASES: [shape: ImageShape, distance: number, row: number, column: number][] = [
  [[28, 28, 1], 1, 27, 27],
  [[28, 28, 1], 2, 26, 26],
  [[28, 28, 1], 28, 0, 0],
  [[32, 32, 3], 2, 30, 30],
  [[32, 32, 3], 3, 29, 29],
  [[5, 7, 3], 2, 3, 5],
  [[5, 7, 3], 3, 2, 4],
  [[3, 3, 1], 2, 1, 1],
  [[3, 3, 1], 3, 0, 0],
];

for (const [shape, distance, row, column] of CASES) {
  Deno.test(`pixel stands where ART puts it: ${shape.join("×")}, distance ${distance}`, () => {
    assert.deepEqual(pixel.create({ distance }).pixels(shape), [[row, column]]);
  });
}

Deno.test("pixel writes its value to every channel of that pixel and to nothing else", () => {
  const image = { data: new Float32Array(2 * 2 * 3).fill(0.25), shape: [2, 2, 3] } as const;
  assert.deepEqual(
    [...pixel.create({ value: 0.5 }).apply(image).data],
    [0.5, 0.5, 0.5, ...Array<number>(9).fill(0.25)],
  );
});
