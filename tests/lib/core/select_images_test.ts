import assert from "node:assert/strict";
import fc from "fast-check";
import { selectImages } from "../../../lib/core/select_images.ts";

const sides = fc.integer({ min: 1, max: 4 });

Deno.test("images are copied in the order of the rows, as often as they are named", () =>
  fc.assert(
    fc.property(
      fc.tuple(sides, sides, sides, sides),
      fc.array(fc.nat()),
      ([count, height, width, channels], wanted) => {
        const size = height * width * channels;
        const data = Float32Array.from({ length: count * size }, (_, i) => i);
        const rows = wanted.map((row) => row % count);
        const selected = selectImages({ data, shape: [count, height, width, channels] }, rows);
        assert.deepEqual(selected.shape, [rows.length, height, width, channels]);
        assert.deepEqual(
          [...selected.data],
          rows.flatMap((row) => [...data.subarray(row * size, (row + 1) * size)]),
        );
        selected.data.fill(-1);
        assert.ok(data.every((value, i) => value === i), "the batch is left as it is");
      },
    ),
  ));
