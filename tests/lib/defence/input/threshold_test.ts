import assert from "node:assert/strict";
import fc from "fast-check";
import { thresholdAt } from "../../../../lib/defence/input/mod.ts";

Deno.test("of N + 1 scores that could stand in any order, at most the rate lies above the threshold", () =>
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 20, maxLength: 60 }),
    fc.double({ min: 0.05, max: 0.95, noNaN: true }),
    (scores, rate) => {
      // Each is left out in turn and meets the threshold of the others.
      const alarms = scores.filter((score, left) => {
        const others = Float32Array.from(scores.filter((_, i) => i !== left));
        return score > thresholdAt(others, Math.max(rate, 1 / scores.length));
      });
      assert.ok(alarms.length / scores.length <= Math.max(rate, 1 / scores.length) + 1e-9);
    },
  )));

Deno.test("a threshold is one of the scores, whose order does not matter", () => {
  const scores = Float32Array.of(5, 1, 4, 2, 3, 9, 8, 7, 6);
  assert.equal(thresholdAt(scores, 0.1), 9);
  assert.equal(thresholdAt(scores, 0.2), 8);
  assert.equal(thresholdAt(scores, 0.5), 5);
  assert.equal(scores[0], 5);
});

Deno.test("too few scores say nothing about a low rate", () => {
  assert.equal(thresholdAt(new Float32Array(99), 0.01), 0);
  assert.throws(() => thresholdAt(new Float32Array(98), 0.01), {
    name: "RangeError",
    message:
      "Cannot choose a threshold: for a rate of false alarms of 0.01 there must be at least " +
      "99 clean scores, got 98; give more clean images",
  });
  for (const rate of [0, 1, NaN, -0.1]) {
    assert.throws(() => thresholdAt(Float32Array.of(1), rate), /above 0 and below 1, got/);
  }
  assert.throws(() => thresholdAt(Float32Array.of(1, NaN), 0.5), /scores must be numbers, got NaN/);
});
