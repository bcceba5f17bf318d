import assert from "node:assert/strict";
import { describeSeeds, spreadOf } from "../../../lib/report/statistics.ts";

Deno.test("a spread is mean and extremes, and nothing of nothing", () => {
  assert.deepEqual(spreadOf([3, 1, 2]), { mean: 2, least: 1, most: 3, count: 3 });
  assert.equal(spreadOf([]), null);
});

Deno.test("a mean over seeds is said with its extremes, unless there is nothing between them", () => {
  assert.deepEqual([[], [0.5], [0.99, 1, 0.98], [1, 1]].map(spreadOf).map(describeSeeds), [
    ...["", "one seed", "mean of 3 seeds, 98.00 % to 100.00 %", "each of 2 seeds"],
  ]);
});
