/** Medians and anomaly indices; `tests/parity` compares the indices with ART's. */

import assert from "node:assert/strict";
import { anomalyIndices, median } from "../../../../lib/defence/model/outlier.ts";

Deno.test("the median is the middle number, or the mean of the middle two, in any order", () => {
  assert.equal(median([5]), 5);
  assert.equal(median([9, 1, 4]), 4);
  assert.equal(median([9, 1, 4, 6]), 5);
});

Deno.test("an index does not depend on the unit, nor on where zero is", () => {
  const values = [2, 30, 33, 36, 41, 55];
  const indices = anomalyIndices(values);
  anomalyIndices(values.map((value) => 8 * value + 64))
    .forEach((index, i) => assert.ok(Math.abs(index - indices[i]!) < 1e-12));
});

Deno.test("among equal numbers, none is an outlier, and another is one without bound", () => {
  assert.deepEqual(anomalyIndices([3, 3, 3]), [0, 0, 0]);
  assert.deepEqual(anomalyIndices([3, 3, 3, 1]), [0, 0, 0, Infinity]);
});
