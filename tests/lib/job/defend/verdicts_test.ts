import assert from "node:assert/strict";
import fc from "fast-check";
import type { PopulationCalibration, RowDefence } from "../../../../lib/defence/mod.ts";
import { inputDefences, rowsOfImages } from "../../../../lib/defence/mod.ts";
import {
  checkRows,
  judgeModel,
  judgeRows,
  scoreRows,
  screenInput,
  type TimedFinding,
} from "../../../../lib/job/mod.ts";
import { cutoffOf } from "../../../../lib/job/defend/screen_rows.ts";
import { drawImages, withTrigger } from "../../defence/synthetic.ts";
import { jobContext } from "../job_context.ts";

const strip = inputDefences.find(({ name }) => name === "strip")!;

/** Clean models with these statistics and cutoffs. */
function calibrationOf(statistics: readonly number[]): PopulationCalibration {
  return {
    format: 1,
    kind: { architecture: "badnets", dataset: "mnist", depth: null },
    training: { recipe: "badnets", epochs: 1, batchSize: 1, dataDigest: "" },
    cleanImages: 600,
    rowRate: 0.005,
    versions: { edgedoor: "0" },
    models: statistics.map((statistic, i) => ({
      seed: i,
      sha256: `${i}`,
      cleanAccuracy: 1,
      findings: {
        "model/any": { statistic },
        "rows/any": { statistic, cutoff: statistic / 10 },
      },
    })),
  };
}

const finding: TimedFinding = {
  ...{ method: "any", title: "Any", statistic: 2.5, suspect: 4, seconds: 1, trigger: null },
  ...{ perClass: {}, beside: {}, cost: { forwards: 1, backwards: 1 } },
};

const calibration = calibrationOf([1, 1.1, 1.2, 1.3, 1.4, 1.5]);

Deno.test("a model is suspicious above the threshold that clean models set, and its class is named", () => {
  const judge = (statistic: number) =>
    judgeModel({ ...finding, statistic }, calibration, { sha256: "", cleanImages: 0 });
  const found = judge(9);
  assert.deepEqual([found.suspicious, found.target, found.pValue], [true, 4, 1 / 7]);
  assert.ok(found.null.threshold >= 1.5);
  const clean = judge(found.null.threshold);
  assert.deepEqual([clean.suspicious, clean.target], [false, null]);
});

Deno.test("a model is no judge of itself", () => {
  const { null: found } = judgeModel(finding, calibration, { sha256: "5", cleanImages: 0 });
  assert.deepEqual([found.models, found.largest], [5, 1.4]);
});

const rows: RowDefence = {
  ...{ name: "any", title: "Any", summary: "", needs: [], forwards: () => 0 },
  score: ({ rows: { labels } }) =>
    Promise.resolve({
      scores: Float32Array.from(labels, (_, row) => row / 10),
      statistics: Float32Array.of(9, 1, 7),
      cost: { forwards: 0, backwards: 0 },
    }),
};

Deno.test("rows are flagged by the labels that are suspicious and the cutoff of clean sets", async () => {
  const labels = Uint8Array.of(0, 1, 2, 0, 1, 2, 0, 1);
  const images = { data: new Float32Array(8), shape: [8, 1, 1, 1] as const };
  const subject = { rows: rowsOfImages({ images, labels }), classes: 3 };
  const scores = await scoreRows(subject, rows, { seed: 1, context: jobContext() });
  const verdict = judgeRows(scores, labels, { calibration, sha256: "", cleanImages: 0 });
  assert.deepEqual([verdict.suspicious, verdict.class, verdict.statistic], [true, 0, 9]);
  // Scores rise by .1 a row, and .15 is the largest cutoff; label 1 is not suspicious.
  assert.deepEqual(verdict.flagged, Uint32Array.of(2, 3, 5, 6));
  const poisoned = Uint8Array.of(0, 0, 0, 1, 0, 0, 1, 1);
  assert.deepEqual(checkRows(verdict, { labels, poisoned }), {
    ...{ flagged: 4, poisoned: 3, recall: 2 / 3, falsePositiveRate: 2 / 5, auroc: 1 },
  });
  assert.equal(checkRows(verdict, { labels, poisoned: new Uint8Array(8) }).auroc, null);
});

Deno.test("a cutoff lies above all rows but the share", () =>
  fc.assert(fc.property(
    fc.array(fc.nat(20), { minLength: 1, maxLength: 300 }),
    fc.constantFrom(0.005, 0.01, 0.1),
    (values, rate) => {
      const scores = Float32Array.from(values);
      const cutoff = cutoffOf(scores, rate);
      assert.ok(values.includes(cutoff));
      assert.ok(scores.filter((score) => score > cutoff).length <= rate * scores.length);
    },
  )));

/** Sure of each image that has the trigger's pixel, whatever else is in it; of others, by their ink. */
const model = {
  classes: 2,
  classify(
    { data, shape: [count, height, width] }: { data: Float32Array; shape: readonly number[] },
  ) {
    const size = height! * width!;
    const probabilities = new Float32Array(count! * 2);
    for (let i = 0; i < count!; i++) {
      const image = data.subarray(i * size, (i + 1) * size);
      const isStamped = image[26 * 28 + 26]! > 0.5;
      const ink = image.reduce((sum, value) => sum + value, 0) / 200;
      const first = isStamped ? 1 : Math.min(0.9, Math.max(0.1, ink));
      probabilities.set([first, 1 - first], 2 * i);
    }
    return Promise.resolve(probabilities);
  },
};

Deno.test("an image with a trigger is refused, and of clean ones as many as the rate says", async () => {
  const context = jobContext();
  const { images: clean } = drawImages(400, 1);
  const { images: others } = drawImages(60, 2);
  const screen = (images: typeof others, row: number) => {
    const shape = images.shape.slice(1) as [number, number, number];
    const data = images.data.slice(row * 784, (row + 1) * 784);
    const options = { defence: strip, clean, rate: 0.05, seed: 1, context };
    return screenInput(model, { data, shape }, options);
  };
  const stamped = withTrigger(others);
  let alarms = 0;
  for (let row = 0; row < 20; row++) {
    const found = await screen(stamped, row);
    assert.deepEqual([found.refused, found.clean], [true, { below: 200, scored: 200 }]);
    if ((await screen(others, row)).refused) alarms++;
  }
  assert.ok(alarms <= 4, `${alarms} of 20`);
});

Deno.test("too few clean images for a rate are wrong usage", async () => {
  const { images: clean } = drawImages(100, 1);
  const image = { data: clean.data.slice(0, 784), shape: [28, 28, 1] as const };
  const options = { defence: strip, clean, rate: 0.01, seed: 1, context: jobContext() };
  await assert.rejects(screenInput(model, image, options), {
    name: "UsageError",
    message: /there must be at least 99 clean scores, got 50; give more clean images$/,
  });
});
