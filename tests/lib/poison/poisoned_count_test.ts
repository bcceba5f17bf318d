import assert from "node:assert/strict";
import fc from "fast-check";
import { poisonedCount } from "../../../lib/poison/poisoned_count.ts";

Deno.test("counts are those of Python's round(p * n / (1 - p))", () => {
  const perClass = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
  assert.deepEqual(
    perClass.map((n) => poisonedCount(0.33, n)),
    [2917, 3321, 2935, 3020, 2877, 2670, 2915, 3086, 2882, 2930],
  );
  assert.equal(poisonedCount(0.33, 60_000), 29_552);
  assert.equal(poisonedCount(0.5, 60_000), 60_000);
  assert.equal(poisonedCount(0, 60_000), 0);
});

Deno.test("halves are rounded to the even number", () => {
  // 0.2 / 0.8 is a quarter: 0.5, 2.5 and 4.5 go down, 3.5 and 7.5 go up.
  assert.deepEqual([2, 10, 18, 14, 30].map((n) => poisonedCount(0.2, n)), [0, 2, 4, 4, 8]);
});

Deno.test("the count makes up the share, to within half an example", () => {
  const rates = fc.double({ min: 0, max: 0.99, noNaN: true });
  fc.assert(fc.property(rates, fc.integer({ min: 1, max: 100_000 }), (rate, n) => {
    const exact = rate * n / (1 - rate);
    const count = poisonedCount(rate, n);
    assert(Number.isInteger(count));
    assert(Math.abs(count - exact) <= 0.5, `${count} for ${exact}`);
  }));
});

Deno.test("a rate outside 0 to below 1 is refused", () => {
  for (const rate of [-0.1, 1, 1.5, NaN]) {
    assert.throws(() => poisonedCount(rate, 10), {
      name: "RangeError",
      message: `Cannot poison a training set: rate must be from 0 to below 1, got ${rate}`,
    });
  }
});
