import assert from "node:assert/strict";
import type { ImageBatch } from "../../../../lib/core/types.ts";
import { mahalanobis } from "../../../../lib/defence/input/mahalanobis.ts";

/** Images of two pixels, which are the hidden layer as well; class 1 if the first is above a half. */
const model = {
  classes: 2,
  classify: ({ data, shape: [count] }: ImageBatch) =>
    Promise.resolve(
      Float32Array.from(
        { length: 2 * count },
        (_, i) => +(data[i - i % 2]! > 0.5) === i % 2 ? 1 : 0,
      ),
    ),
  activations: ({ data }: ImageBatch) => Promise.resolve(data),
};

function pairs(...values: number[]): ImageBatch {
  return { data: Float32Array.from(values), shape: [values.length / 2, 1, 2, 1] };
}

// About (0.2, 0.4) and (0.8, 0.6), by ±0.1 along the first and ±0.2 along the second.
const clean = pairs(
  ...[0.1, 0.4, 0.3, 0.4, 0.2, 0.2, 0.2, 0.6],
  ...[0.7, 0.6, 0.9, 0.6, 0.8, 0.4, 0.8, 0.8],
);

Deno.test("the distance is that to the named class, by the shrunk covariance of all", async () => {
  const { profile } = await mahalanobis.calibrate(model, clean, { seed: 1 });
  // Sums of squares over 8 − 2 degrees of freedom; a fifth of each goes to the mean of both.
  const [first, second] = [0.04 / 6, 0.16 / 6];
  const shared = 0.2 * (first + second) / 2;
  const distance = (x: number, y: number) =>
    Math.sqrt(x ** 2 / (0.8 * first + shared) + y ** 2 / (0.8 * second + shared));
  const { scores } = await mahalanobis.score(model, pairs(0.2, 0.4, 0.3, 0.9, 0.6, 0.4), profile);
  const expected = [0, distance(0.1, 0.5), distance(-0.2, -0.2)];
  expected.forEach((value, i) =>
    assert.ok(Math.abs(scores[i]! - value) < 1e-4, `${scores[i]}, expected ${value}`)
  );
});

Deno.test("a class that no clean image is taken for has no mean, and is named", async () => {
  await assert.rejects(mahalanobis.calibrate(model, pairs(0.1, 0.4, 0.3, 0.4), { seed: 1 }), {
    name: "RangeError",
    message: "Cannot calibrate Mahalanobis distance: the model must take clean images for each " +
      "class, got none for class 1 of 2 images; give more, of all classes",
  });
});
