import assert from "node:assert/strict";
import fc from "fast-check";
import { auroc, rocCurve } from "../../../lib/evaluate/mod.ts";

/** Few values, so that ties are common. */
const scores = fc.array(fc.nat(6), { minLength: 1, maxLength: 30 })
  .map((values) => Float32Array.from(values, (value) => value / 4 - 0.5));
const kinds = fc.record({ suspicious: scores, clean: scores });

Deno.test("AUROC is the share of pairs in order, ties half, counted one by one", () =>
  fc.assert(fc.property(kinds, ({ suspicious, clean }) => {
    let pairs = 0;
    for (const s of suspicious) for (const c of clean) pairs += s > c ? 1 : s === c ? 0.5 : 0;
    assert.equal(auroc({ suspicious, clean }), pairs / suspicious.length / clean.length);
  })));

Deno.test("AUROC is one-sided: with the kinds exchanged it is what is left to one", () =>
  fc.assert(fc.property(kinds, ({ suspicious, clean }) => {
    const sum = auroc({ suspicious, clean }) + auroc({ suspicious: clean, clean: suspicious });
    assert.ok(Math.abs(sum - 1) < 1e-12);
  })));

Deno.test("infinite scores have their place, and only the order counts", () => {
  const suspicious = Float64Array.of(Infinity, 1);
  const clean = Float64Array.of(-Infinity, Infinity);
  assert.equal(auroc({ suspicious, clean }), (0.5 + 1 + 1) / 4);
});

Deno.test("the curve goes through what each threshold comes to", () =>
  fc.assert(fc.property(kinds, ({ suspicious, clean }) => {
    const thresholds = [...new Set([...suspicious, ...clean])].sort((a, b) => b - a);
    const share = (some: Float32Array, threshold: number) =>
      some.filter((score) => score >= threshold).length / some.length;
    assert.deepEqual(rocCurve({ suspicious, clean }, { resolution: 0 }), [
      { falsePositiveRate: 0, truePositiveRate: 0 },
      ...thresholds.map((threshold) => ({
        falsePositiveRate: share(clean, threshold),
        truePositiveRate: share(suspicious, threshold),
      })),
    ]);
  })));

Deno.test("a thinned curve rises from corner to corner, and the area beneath it is near AUROC", () =>
  fc.assert(fc.property(kinds, ({ suspicious, clean }) => {
    const points = rocCurve({ suspicious, clean }, { resolution: 0.1 });
    assert.deepEqual(points[0], { falsePositiveRate: 0, truePositiveRate: 0 });
    assert.deepEqual(points.at(-1), { falsePositiveRate: 1, truePositiveRate: 1 });
    let area = 0;
    points.slice(1).forEach((point, i) => {
      const width = point.falsePositiveRate - points[i]!.falsePositiveRate;
      const height = point.truePositiveRate - points[i]!.truePositiveRate;
      assert.ok(width >= 0 && height >= 0);
      area += width * (point.truePositiveRate + points[i]!.truePositiveRate) / 2;
    });
    assert.ok(Math.abs(area - auroc({ suspicious, clean })) <= 0.1 + 1e-12);
  })));

Deno.test("without scores, or with one that is no number, there is no AUROC", () => {
  const one = Float32Array.of(1);
  assert.throws(() => auroc({ suspicious: one, clean: Float32Array.of() }), {
    name: "RangeError",
    message:
      "Cannot tell suspicious from clean: clean scores must be numbers, at least one, got none",
  });
  assert.throws(
    () => rocCurve({ suspicious: Float32Array.of(NaN), clean: one }),
    /suspicious .* NaN/,
  );
});
