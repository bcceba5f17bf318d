import assert from "node:assert/strict";
import fc from "fast-check";
import { median, percentile, ratio, summarise } from "../../../scripts/bench/statistics.ts";

Deno.test("the median is the middle value, or the mean of the middle two", () => {
  assert.equal(median([3, 1, 20]), 3);
  assert.equal(median([4, 1, 20, 2]), 3);
  assert.throws(() => median([]), RangeError);
});

Deno.test("a percentile is the least value that enough values do not exceed", () => {
  const values = [5, Infinity, 1, 3, 2];
  assert.deepEqual([1, 20, 21, 60, 80, 99].map((p) => percentile(values, p)), [
    ...[1, 1, 2, 3, 5, Infinity],
  ]);
  assert.deepEqual(values, [5, Infinity, 1, 3, 2], "left as they were");
  assert.throws(() => percentile([], 50), RangeError);
});

Deno.test("a summary's median lies between its ends, in whichever order values come", () => {
  // One zero: 0 and -0 are equal, and stay in the order in which they came.
  const value = fc.double({ noNaN: true, min: -1e9, max: 1e9 }).map((x) => x + 0);
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const { median, min, max } = summarise(values);
      assert.ok(min <= median && median <= max);
      assert.deepEqual(summarise(values.toReversed()), { median, min, max });
    }),
  );
});

Deno.test("a ratio is taken round by round: a slow round is slow on both sides", () => {
  assert.deepEqual(ratio([200, 20, 400], [100, 10, 100]), { median: 2, min: 2, max: 4 });
  assert.throws(() => ratio([1], [1, 2]), /as many rounds, got 1 and 2/);
});
