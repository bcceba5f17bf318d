import assert from "node:assert/strict";
import {
  formatBytes,
  formatCount,
  formatCountOf,
  formatDuration,
  formatPercent,
  formatPoints,
  formatShare,
  shareOfPercentage,
} from "../../../lib/core/format.ts";

Deno.test("fractions are percentages to a hundredth, and a dash where there is none", () => {
  const fractions = [0, 0.98944, 1, null, undefined];
  assert.deepEqual(fractions.map(formatPercent), ["0.00 %", "98.94 %", "100.00 %", "–", "–"]);
});

Deno.test("shares that somebody chose are as short as they can be", () => {
  assert.deepEqual([0.015, 0.06, 1 / 3, 0.5, 1].map((share) => formatShare(share)), [
    ...["1.5 %", "6 %", "33.3 %", "50 %", "100 %"],
  ]);
  assert.equal(formatShare(0.25, { unit: "" }), "25");
});

Deno.test("differences are points with their sign, and none is neither", () => {
  assert.deepEqual([0.0017, -0.0003, 0, 0.00004, -0.00004, 1].map(formatPoints), [
    ...["+0.17", "−0.03", "±0.00", "±0.00", "±0.00", "+100.00"],
  ]);
});

Deno.test("counts have their thousands apart", () => {
  assert.deepEqual([0, 999, 66_667, 1_199_882].map(formatCount), [
    ...["0", "999", "66,667", "1,199,882"],
  ]);
});

Deno.test("a count of things is singular at one", () => {
  assert.deepEqual([0, 1, 1200].map((count) => formatCountOf(count, "epoch")), [
    ...["0 epochs", "1 epoch", "1,200 epochs"],
  ]);
});

Deno.test("durations are in seconds, minutes or hours", () => {
  const seconds = [0, 0.4, 59.4, 59.6, 303, 3599.4, 3599.6, 4320];
  assert.deepEqual(seconds.map(formatDuration), [
    ...["0 s", "0 s", "59 s", "1 min 00 s", "5 min 03 s", "59 min 59 s", "1 h 00 min"],
    "1 h 12 min",
  ]);
});

Deno.test("bytes are in decimal units", () => {
  assert.deepEqual([0, 999, 1000, 4_803_216].map(formatBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "4.8 MB",
  ]);
});

Deno.test("a percentage as a share is a short number", () => {
  assert.deepEqual([1.1, 1.5, 6, 33.3, 100].map(shareOfPercentage), [0.011, 0.015, 0.06, 0.333, 1]);
});
