import assert from "node:assert/strict";
import type { ImageBatch } from "../../../../lib/core/types.ts";
import { discriminant } from "../../../../lib/defence/rows/discriminant.ts";
import { rowsOfImages } from "../../../../lib/defence/rows/mod.ts";

/** Images of two pixels, which are the hidden layer as well. */
function pairs(...values: number[]): ImageBatch {
  return { data: Float32Array.from(values), shape: [values.length / 2, 1, 2, 1] };
}

const model = {
  classes: 2,
  classify: () => Promise.reject(new Error("is not asked for")),
  activations: ({ data }: ImageBatch) => Promise.resolve(data),
};

// Both classes vary by ±0.1 along both axes.
const reference = {
  images: pairs(
    ...[0.1, 0.1, 0.3, 0.3, 0.1, 0.3, 0.3, 0.1],
    ...[0.7, 0.7, 0.9, 0.9, 0.7, 0.9, 0.9, 0.7],
  ),
  labels: Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1),
};

Deno.test("a row's score is its deviations along the line from the clean mean to the rows' mean", async () => {
  // The rows of class 0 have their mean at (0.2, 0.5), above the clean one at (0.2, 0.2).
  const rows = rowsOfImages({
    images: pairs(0.2, 0.2, 0.2, 0.8, 0.3, 0.2, 0.1, 0.8, 0.8, 0.8),
    labels: Uint8Array.of(0, 0, 0, 0, 1),
  });
  const { scores, statistics, cost } = await discriminant.score(
    { rows, classes: 2, model, reference },
    { seed: 1 },
  );
  const deviation = Math.sqrt(8 * 0.01 / 6);
  const expected = [0, 0.6 / deviation, 0, 0.6 / deviation, 0];
  expected.forEach((score, i) => assert.ok(Math.abs(scores[i]! - score) < 1e-4, `${scores[i]}`));
  assert.ok(Math.abs(statistics[0]! - (0.3 / deviation) ** 2) < 1e-3);
  assert.ok(Math.abs(statistics[1]!) < 1e-9);
  assert.deepEqual(cost, { forwards: 13, backwards: 0 });
});

Deno.test("a class without clean images is named", async () => {
  const rows = rowsOfImages(reference);
  const zeros = { images: pairs(0.1, 0.1, 0.3, 0.3), labels: Uint8Array.of(0, 0) };
  await assert.rejects(
    discriminant.score({ rows, classes: 2, model, reference: zeros }, { seed: 1 }),
    {
      name: "RangeError",
      message: "Cannot score rows by discriminant direction: there must be clean images of each " +
        "class, got none of class 1 among 2; give more, of all classes",
    },
  );
});
