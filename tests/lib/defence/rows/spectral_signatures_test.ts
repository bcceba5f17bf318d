import assert from "node:assert/strict";
import { createRandom, normal } from "../../../../lib/core/random.ts";
import { removalCutoff, spectralScores } from "../../../../lib/defence/rows/mod.ts";

Deno.test("the paper's score is the squared distance from the mean along the line of the points", () => {
  const points = Float32Array.of(1, 1, 4, -3, -2, 5);
  const { scores, ratio } = spectralScores(points, { width: 2 });
  [0, 25, 25].forEach((score, i) => assert.ok(Math.abs(scores[i]! - score) < 1e-4));
  assert.ok(ratio > 1e6);
});

Deno.test("ART's score is the distance from zero along the same line", () => {
  const points = Float32Array.of(1, 1, 4, -3, -2, 5);
  const { scores } = spectralScores(points, { width: 2, variant: "art" });
  [0.2, 4.8, 5.2].forEach((score, i) => assert.ok(Math.abs(scores[i]! - score) < 1e-5));
});

Deno.test("rows that lie apart have the highest scores, wherever their class lies", () => {
  const random = createRandom(1, "points");
  const points = Float32Array.from(
    { length: 400 },
    (_, i) => 50 + normal(random) + (i >= 360 && i % 4 === 2 ? 9 : 0),
  );
  const { scores, ratio } = spectralScores(points, { width: 4 });
  const lowest = Math.min(...scores.subarray(90));
  assert.equal(scores.filter((score) => score >= lowest).length, 10);
  assert.ok(ratio > 3);
});

Deno.test("features that do not vary have no signature", () => {
  assert.deepEqual(spectralScores(new Float32Array(6).fill(2), { width: 2 }), {
    ...{ scores: new Float32Array(3), ratio: 0 },
  });
});

Deno.test("the cut-off is a quantile between two scores, and at least the lowest", () => {
  const scores = Float32Array.of(4, 0, 1, 3, 2);
  assert.equal(removalCutoff(scores, { share: 0.1 }), 3.4);
  assert.equal(removalCutoff(scores, { share: 0.5, multiplier: 1 }), 2);
  assert.equal(removalCutoff(scores, { share: 0.9 }), 0);
  assert.equal(removalCutoff(scores, { share: 0 }), 4);
});
