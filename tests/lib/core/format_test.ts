import assert from "node:assert/strict";
import { formatPercent, formatPoints } from "../../../lib/core/format.ts";

Deno.test("fractions are percentages to a hundredth, and a dash where there is none", () => {
  const fractions = [0, 0.98944, 1, null, undefined];
  assert.deepEqual(fractions.map(formatPercent), ["0.00 %", "98.94 %", "100.00 %", "–", "–"]);
});

Deno.test("differences are points with their sign, and none is neither", () => {
  assert.deepEqual([0.0017, -0.0003, 0, 0.00004, -0.00004, 1].map(formatPoints), [
    ...["+0.17", "−0.03", "±0.00", "±0.00", "±0.00", "+100.00"],
  ]);
});
