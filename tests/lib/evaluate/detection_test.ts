import assert from "node:assert/strict";
import fc from "fast-check";
import { createRandom, normal } from "../../../lib/core/random.ts";
import { auroc, DETECTION_RATES, measureDetection } from "../../../lib/evaluate/mod.ts";

const scores = fc.array(fc.nat(8), { minLength: 1, maxLength: 30 })
  .map((values) => Float32Array.from(values));

Deno.test("rates are counted on what is evaluated, by a threshold of the others", () =>
  fc.assert(
    fc.property(
      scores,
      scores,
      fc.array(fc.nat(8), { minLength: 19, maxLength: 40 }),
      (suspicious, clean, others) => {
        const calibration = Float32Array.from(others);
        const figures = measureDetection({ suspicious, clean }, {
          calibration,
          rates: [0.05, 0.5],
        });
        assert.equal(figures.auroc, auroc({ suspicious, clean }));
        assert.deepEqual(figures.counts, {
          suspicious: suspicious.length,
          clean: clean.length,
          calibration: calibration.length,
        });
        for (const { nominal, threshold, falsePositiveRate, truePositiveRate } of figures.points) {
          assert.ok(calibration.includes(threshold));
          const above = calibration.filter((score) => score > threshold).length;
          assert.ok((above + 1) / (calibration.length + 1) <= nominal + 1e-9);
          const share = (some: Float32Array) =>
            some.filter((score) => score > threshold).length / some.length;
          assert.deepEqual([falsePositiveRate, truePositiveRate], [
            share(clean),
            share(suspicious),
          ]);
        }
      },
    ),
  ));

Deno.test("what comes of a rate is near the rate", () => {
  const random = createRandom(1, "scores");
  const draw = (count: number) => Float32Array.from({ length: count }, () => normal(random));
  const { points } = measureDetection(
    { suspicious: draw(2000).map((score) => score + 5), clean: draw(5000) },
    { calibration: draw(5000) },
  );
  assert.deepEqual(points.map(({ nominal }) => nominal), DETECTION_RATES);
  for (const { nominal, falsePositiveRate, truePositiveRate } of points) {
    assert.ok(Math.abs(falsePositiveRate - nominal) < 0.4 * nominal);
    assert.ok(truePositiveRate > 0.98);
  }
});

Deno.test("too few scores for a rate are refused", () => {
  const some = Float32Array.of(1, 2);
  assert.throws(
    () => measureDetection({ suspicious: some, clean: some }, { calibration: some }),
    /there must be at least 99 clean scores, got 2; give more clean images/,
  );
});

Deno.test("figures are a document as they are", () => {
  const suspicious = Float32Array.of(1, 2);
  const calibration = new Float32Array(99);
  const figures = measureDetection({ suspicious, clean: calibration }, { calibration });
  assert.deepEqual(JSON.parse(JSON.stringify(figures)), figures);
});
