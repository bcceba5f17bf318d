import assert from "node:assert/strict";
import { spreadOf } from "../../../lib/report/statistics.ts";

Deno.test("a spread is mean and extremes, and nothing of nothing", () => {
  assert.deepEqual(spreadOf([3, 1, 2]), { mean: 2, least: 1, most: 3, count: 3 });
  assert.equal(spreadOf([]), null);
});
