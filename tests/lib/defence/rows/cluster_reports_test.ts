import assert from "node:assert/strict";
import fc from "fast-check";
import { reportRelativeSize, reportSmaller } from "../../../../lib/defence/rows/mod.ts";

Deno.test("the smaller of two clusters is suspicious; of equal ones, the first", () => {
  assert.deepEqual(reportSmaller(Uint8Array.of(0, 1, 0)), [
    { share: 0.67, isSuspicious: false },
    { share: 0.33, isSuspicious: true },
  ]);
  assert.deepEqual(reportSmaller(Uint8Array.of(0, 1)), [
    { share: 0.5, isSuspicious: true },
    { share: 0.5, isSuspicious: false },
  ]);
});

Deno.test("a cluster is suspicious below 35 % of its class, as shares are written", () => {
  const ofHundred = (second: number) =>
    Uint8Array.from({ length: 100 }, (_, i) => i < second ? 1 : 0);
  assert.equal(reportRelativeSize(ofHundred(35))[1]!.isSuspicious, false);
  assert.equal(reportRelativeSize(ofHundred(34))[1]!.isSuspicious, true);
  // 34.6 % is written as 35 %.
  const thousand = Uint8Array.from({ length: 1000 }, (_, i) => i < 346 ? 1 : 0);
  assert.deepEqual(reportRelativeSize(thousand), [
    { share: 0.65, isSuspicious: false },
    { share: 0.35, isSuspicious: false },
  ]);
});

Deno.test("one cluster at most is suspicious by its size, one always as the smaller", () =>
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, max: 1 }), (assignment) => {
    const count = (reports: { isSuspicious: boolean }[]) =>
      reports.filter(({ isSuspicious }) => isSuspicious).length;
    assert.equal(count(reportSmaller(assignment)), 1);
    assert.ok(count(reportRelativeSize(assignment)) <= 1);
  })));
