import assert from "node:assert/strict";
import fc from "fast-check";
import { oneHot } from "../../../lib/poison/mod.ts";

Deno.test("a one-hot row is 1 at its class and 0 elsewhere", () => {
  fc.assert(fc.property(fc.uint8Array({ max: 9, maxLength: 20 }), (labels) => {
    const { data, shape } = oneHot(labels, 10);
    assert.deepEqual(shape, [labels.length, 10]);
    labels.forEach((label, row) => {
      const expected = Array.from({ length: 10 }, (_, column) => column === label ? 1 : 0);
      assert.deepEqual([...data.subarray(row * 10, row * 10 + 10)], expected);
    });
  }));
});

Deno.test("a label that is no class is refused", () => {
  assert.throws(() => oneHot(Uint8Array.of(0, 3), 3), {
    name: "RangeError",
    message: "Cannot make one-hot rows: label 1 must be from 0 to 2, got 3",
  });
});
