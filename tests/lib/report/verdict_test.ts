import assert from "node:assert/strict";
import fc from "fast-check";
import type { Reference } from "../../../lib/report/reference.ts";
import { describeRule, verdictIf, verdictOn } from "../../../lib/report/verdict.ts";

const paper: Reference = {
  value: 0.99,
  better: "higher",
  tolerance: 0.001,
  close: 0.01,
  source: "a paper",
};

const cases: readonly [ours: number, verdict: string][] = [
  [1, "reproduced"],
  [0.99, "reproduced"],
  [0.989, "reproduced"],
  [0.9889, "close"],
  [0.98, "close"],
  [0.9799, "not reproduced"],
  [0, "not reproduced"],
];
for (const [ours, verdict] of cases) {
  Deno.test(`${ours} where the paper has .99, give or take .001: ${verdict}`, () => {
    assert.equal(verdictOn(ours, paper), verdict);
  });
}

Deno.test("an error that is lower than the paper's is no failure", () => {
  const error: Reference = { ...paper, value: 0.0009, better: "lower", tolerance: 0, close: 0.005 };
  assert.equal(verdictOn(0, error), "reproduced");
  assert.equal(verdictOn(0.0009, error), "reproduced");
  assert.equal(verdictOn(0.001, error), "close");
  assert.equal(verdictOn(0.2, error), "not reproduced");
});

Deno.test("a better figure never has a worse verdict, whichever way is better", () => {
  const order = ["not reproduced", "close", "reproduced"];
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(share, share, fc.constantFrom("higher", "lower"), (a, b, better) => {
    const ranks = [a, b].map((ours) => order.indexOf(verdictOn(ours, { ...paper, better })));
    const isBetter = better === "higher" ? a >= b : a <= b;
    assert.ok(isBetter ? ranks[0]! >= ranks[1]! : ranks[0]! <= ranks[1]!);
  }));
});

Deno.test("a statement holds or does not", () => {
  assert.deepEqual([true, false].map(verdictIf), ["reproduced", "not reproduced"]);
});

const rules: readonly [changes: Partial<Reference>, rule: string][] = [
  [{}, "reproduced: at most 0.1 points below; close: at most 1"],
  [{ better: "lower" }, "reproduced: at most 0.1 points above; close: at most 1"],
  [{ tolerance: 0 }, "reproduced: not below; close: at most 1 points below"],
  [
    { close: 0.05, reason: "it differs from seed to seed" },
    "reproduced: at most 0.1 points below; close: at most 5, for it differs from seed to seed",
  ],
];
for (const [changes, rule] of rules) {
  Deno.test(`the rule in words: ${rule}`, () => {
    assert.equal(describeRule({ ...paper, ...changes }), rule);
  });
}
