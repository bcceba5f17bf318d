import assert from "node:assert/strict";
import {
  formatCalibration,
  nullOf,
  parseCalibration,
  type PopulationCalibration,
  requireKind,
} from "../../../lib/defence/calibration.ts";

const kind = { architecture: "badnets", dataset: "mnist", depth: null };

const calibration: PopulationCalibration = {
  format: 1,
  kind,
  training: { recipe: "badnets", epochs: 6, batchSize: 128, dataDigest: "d".repeat(64) },
  cleanImages: 600,
  rowRate: 0.01,
  versions: { edgedoor: "0.2.0" },
  models: [101, 102, 103].map((seed) => ({
    seed,
    sha256: `${seed}`,
    cleanAccuracy: 0.99,
    findings: {
      "model/mm-bd": { statistic: seed / 100 },
      "rows/strip": { statistic: seed, cutoff: seed / 2 },
    },
  })),
};

Deno.test("a calibration comes back from its file as it was, a line a model", () => {
  const text = formatCalibration(calibration);
  assert.deepEqual(parseCalibration(text, "here"), calibration);
  assert.equal(text.split("\n").filter((line) => line.includes('"seed"')).length, 3);
});

Deno.test("the null of a defence is what it said of the clean models, but for the one that is judged", () => {
  const some = { asks: "model", method: "mm-bd", cleanImages: 0 } as const;
  assert.deepEqual(nullOf(calibration, some), { statistics: [1.01, 1.02, 1.03], cutoffs: [] });
  assert.deepEqual(nullOf(calibration, { ...some, except: "102" }).statistics, [1.01, 1.03]);
  assert.deepEqual(
    nullOf(calibration, { asks: "rows", method: "strip", cleanImages: 600, except: "101" }),
    { statistics: [102, 103], cutoffs: [51, 51.5] },
  );
});

Deno.test("clean models that were inspected otherwise are no null", () => {
  assert.throws(() => nullOf(calibration, { asks: "model", method: "strip", cleanImages: 0 }), {
    name: "UsageError",
    message: "Cannot judge by strip: the calibration of network badnets on mnist must have its " +
      "statistics, got none; calibrate again, or choose another method",
  });
  const [model] = calibration.models;
  const findings = { "rows/strip": { statistic: 1 } };
  assert.throws(
    () =>
      nullOf({ ...calibration, models: [{ ...model!, findings }] }, {
        ...{ asks: "rows", method: "strip", cleanImages: 600 },
      }),
    /must have its statistics and cutoffs, got none;/,
  );
  assert.throws(() => nullOf(calibration, { asks: "model", method: "mm-bd", cleanImages: 100 }), {
    name: "UsageError",
    message: "Cannot judge by the calibration of network badnets on mnist: there must be as many " +
      "clean images as it was made with, 600, got 100; give as many, or calibrate anew",
  });
});

Deno.test("a calibration of another network or data set is refused in a sentence", () => {
  requireKind(calibration, { ...kind });
  assert.throws(() => requireKind(calibration, { ...kind, architecture: "resnet", depth: 14 }), {
    name: "UsageError",
    message: "Cannot judge the model: the calibration must be of network resnet of depth 14 on " +
      "mnist, got one of network badnets on mnist; clean models of another kind say nothing about " +
      "it; calibrate for this kind",
  });
  assert.throws(
    () => requireKind(calibration, { ...kind, dataset: "cifar10" }),
    /badnets on cifar10/,
  );
});

Deno.test("what is no calibration is not taken for one", () => {
  const broken = [
    "",
    "null",
    "[]",
    "{}",
    JSON.stringify({ ...calibration, format: 2 }),
    JSON.stringify({ ...calibration, kind: { architecture: "badnets" } }),
    JSON.stringify({ ...calibration, models: [{ seed: 1 }] }),
    JSON.stringify({ ...calibration, models: [{ ...calibration.models[0], findings: { a: 1 } }] }),
  ];
  for (const text of broken) {
    assert.throws(() => parseCalibration(text, "broken.json"), {
      name: "IntegrityError",
      message: /^Cannot read the calibration broken\.json: it must be one of format 1 with kind, /,
    }, text);
  }
});
