import assert from "node:assert/strict";
import fc from "fast-check";
import { createRandom, normal } from "../../../lib/core/random.ts";
import { LEAST_MODELS, pValue, thresholdOfNull } from "../../../lib/defence/null_threshold.ts";

const nulls = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
  minLength: LEAST_MODELS,
  maxLength: 40,
});

Deno.test("no clean model that the threshold is from lies above it", () =>
  fc.assert(fc.property(nulls, fc.double({ min: 0.001, max: 0.5 }), (statistics, rate) => {
    const { threshold, models, largest, falseAlarmRate } = thresholdOfNull(statistics, rate);
    assert.equal(models, statistics.length);
    assert.equal(largest, Math.max(...statistics));
    assert.ok(threshold >= largest);
    assert.equal(falseAlarmRate, 1 / (statistics.length + 1));
  })));

Deno.test("the lower the rate, the higher the threshold; and it moves with the statistics' unit", () =>
  fc.assert(fc.property(nulls, (statistics) => {
    const at = (rate: number, some = statistics) => thresholdOfNull(some, rate).threshold;
    assert.ok(at(0.001) >= at(0.01) && at(0.01) >= at(0.1));
    const scaled = statistics.map((value) => 3 + 2 * value);
    assert.ok(Math.abs(at(0.01, scaled) - (3 + 2 * at(0.01))) < 1e-9);
  })));

/** How often another statistic lies above the threshold of twenty, over many populations. */
function alarmRate(draw: (uniform: () => number, normal: () => number) => number, rate: number) {
  const random = createRandom(1, "populations");
  const next = () => draw(random.uniform, () => normal(random));
  const populations = 20_000;
  let alarms = 0;
  for (let i = 0; i < populations; i++) {
    const { threshold } = thresholdOfNull(Array.from({ length: 20 }, next), rate);
    if (next() > threshold) alarms++;
  }
  return alarms / populations;
}

Deno.test("of exponential statistics, as many lie above the threshold as the rate says", () => {
  const exponential = (uniform: () => number) => -Math.log(1 - uniform());
  for (const rate of [0.01, 0.02]) {
    assert.ok(Math.abs(alarmRate(exponential, rate) - rate) < rate / 4);
  }
});

Deno.test("of statistics that fall off faster, fewer do: normal ones, and those of a range", () => {
  assert.ok(alarmRate((_, normal) => normal(), 0.01) < 0.005);
  assert.ok(alarmRate((uniform) => uniform(), 0.01) < 0.001);
});

Deno.test("whatever the distribution, the proven rate holds: heavy tails", () => {
  const cauchy = (uniform: () => number) => Math.tan(Math.PI * (uniform() - 0.5));
  assert.ok(alarmRate(cauchy, 0.01) < 1 / 21 + 0.003);
});

Deno.test("statistics that are all the same are the threshold", () => {
  assert.equal(thresholdOfNull([1, 1, 1, 1, 1]).threshold, 1);
});

Deno.test("a p value counts the model itself, and is never below what the models can prove", () => {
  const statistics = [1, 2, 3, 4];
  assert.throws(() => pValue(9, statistics), /at least 5 clean models, got 4; calibrate on more/);
  assert.equal(pValue(9, [...statistics, 5]), 1 / 6);
  assert.equal(pValue(5, [...statistics, 5]), 2 / 6);
  assert.equal(pValue(0, [...statistics, 5]), 1);
});

Deno.test("a rate that is none, and statistics that are no numbers, are refused", () => {
  for (const rate of [0, 1, NaN]) {
    assert.throws(() => thresholdOfNull([1, 2, 3, 4, 5], rate), /above 0 and below 1, got/);
  }
  assert.throws(() => thresholdOfNull([1, 2, 3, 4, Infinity]), {
    name: "RangeError",
    message: "Cannot choose a threshold: statistics of clean models must be finite numbers, got " +
      "Infinity; calibrate again",
  });
});
