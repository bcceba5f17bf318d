import assert from "node:assert/strict";
import fc from "fast-check";
import { defenceEffectiveness, type RepairFigures } from "../../../lib/evaluate/mod.ts";

const rate = fc.double({ min: 0, max: 1, noNaN: true });
const figures = fc.record({ cleanAccuracy: rate, attackSuccessRate: rate });

Deno.test("the rating lies in 0–1, and at one half if nothing changes", () =>
  fc.assert(fc.property(figures, figures, (before, after) => {
    const rating = defenceEffectiveness(before, after);
    assert.ok(rating >= 0 && rating <= 1);
    assert.equal(defenceEffectiveness(before, before), 0.5);
  })));

Deno.test("a gain in accuracy counts nothing, and an attack that grows stronger no more than one that stays", () => {
  const before: RepairFigures = { cleanAccuracy: 0.5, attackSuccessRate: 0.5 };
  const rate = (cleanAccuracy: number, attackSuccessRate: number) =>
    defenceEffectiveness(before, { cleanAccuracy, attackSuccessRate });
  assert.deepEqual([rate(1, 0.5), rate(0.5, 1), rate(1, 1)], [0.5, 0.5, 0.5]);
  assert.deepEqual([rate(0.5, 0), rate(0, 0.5)], [0.75, 0.25]);
});

Deno.test("published rows come out as published: BackdoorBench's fine-tuning of BadNets", () => {
  const before = { cleanAccuracy: 0.9132, attackSuccessRate: 0.9503 };
  const after = { cleanAccuracy: 0.8996, attackSuccessRate: 0.0148 };
  assert.equal(defenceEffectiveness(before, after).toFixed(3), "0.961");
});
