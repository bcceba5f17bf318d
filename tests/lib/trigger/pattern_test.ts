import assert from "node:assert/strict";
import type { ImageShape } from "../../../lib/core/types.ts";
import { pattern } from "../../../lib/trigger/pattern.ts";
import type { Pixel } from "../../../lib/trigger/trigger.ts";

/** Where ART 1.20's `add_pattern_bd` writes, in its order. */
const CASES: [shape: ImageShape, distance: number, pixels: Pixel[]][] = [
  [[28, 28, 1], 1, [[27, 27], [26, 26], [27, 25], [25, 27]]],
  [[28, 28, 1], 2, [[26, 26], [25, 25], [26, 24], [24, 26]]],
  [[32, 32, 3], 2, [[30, 30], [29, 29], [30, 28], [28, 30]]],
  [[32, 32, 3], 3, [[29, 29], [28, 28], [29, 27], [27, 29]]],
  [[5, 7, 3], 1, [[4, 6], [3, 5], [4, 4], [2, 6]]],
  [[5, 7, 3], 2, [[3, 5], [2, 4], [3, 3], [1, 5]]],
  [[5, 7, 3], 3, [[2, 4], [1, 3], [2, 2], [0, 4]]],
  [[3, 3, 1], 1, [[2, 2], [1, 1], [2, 0], [0, 2]]],
  [[4, 9, 1], 2, [[2, 7], [1, 6], [2, 5], [0, 7]]],
];

for (const [shape, distance, pixels] of CASES) {
  Deno.test(`pattern stands where ART puts it: ${shape.join("×")}, distance ${distance}`, () => {
    assert.deepEqual(pattern.create({ distance }).pixels(shape), pixels);
  });
}

Deno.test("pattern is refused where ART would wrap it to the far edge: 3×3 at distance 2", () => {
  assert.throws(() => pattern.create().pixels([3, 3, 1]), {
    name: "RangeError",
    message: /got \(1, -1\) in 3×3; use a smaller distance/,
  });
});

Deno.test("pattern overwrites brighter and darker pixels alike", () => {
  const image = { data: new Float32Array(9).fill(1), shape: [3, 3, 1] } as const;
  assert.deepEqual(
    [...pattern.create({ distance: 1, value: 0 }).apply(image).data],
    [1, 1, 0, 1, 0, 1, 0, 1, 0],
  );
});
