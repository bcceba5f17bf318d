import assert from "node:assert/strict";
import { formatCalibration, type PopulationCalibration } from "../../lib/defence/mod.ts";
import { runCommand, withFolder } from "./run_command.ts";

const train = ["--model", "badnets", "--limit", "1000", "--epochs", "1"];

/** Clean models of the network that `train` trains, with these statistics for every method. */
function calibration(methods: readonly string[], statistic: number): PopulationCalibration {
  return {
    format: 1,
    kind: { architecture: "badnets", dataset: "mnist", depth: null },
    training: { recipe: "one-cycle", epochs: 1, batchSize: 128, dataDigest: "0".repeat(64) },
    cleanImages: 600,
    rowRate: 0.005,
    versions: { edgedoor: "0.2.0" },
    models: Array.from({ length: 20 }, (_, i) => ({
      seed: 1001 + i,
      sha256: `${i}`,
      cleanAccuracy: 0.9,
      findings: Object.fromEntries(
        methods.map((method) => [method, { statistic: statistic + i / 1000, cutoff: 0 }]),
      ),
    })),
  };
}

Deno.test("an image with the trigger is refused, and one without is not; pictures show why", () =>
  withFolder(async (folder) => {
    const stamped = `${folder}/stamped.png`;
    const poison = ["--image", "fixtures/samples/7.png", "--out", stamped];
    assert.equal((await runCommand("poison", poison)).status, 0);
    const args = ["--model", "mnist-article-single-target-pattern", "--kv", ":memory:"];
    const screen = async (image: string, ...more: string[]) => {
      const outcome = await runCommand("defend", ["input", image, ...args, ...more]);
      assert.equal(outcome.status, 0, outcome.stderr);
      return outcome.stdout;
    };
    const out = `${folder}/pictures`;
    const report = JSON.parse(await screen(stamped, "--json", "--out", out));
    assert.equal(report.refused, true);
    const strip = report.scores.find(({ method }: { method: string }) => method === "strip");
    assert.ok(strip.refused && strip.score > strip.threshold);
    assert.deepEqual([strip.falseAlarmRate, strip.clean.scored], [0.01, 300]);
    assert.ok(report.scores.every((each: object) => !("scores" in each)));
    for (const path of report.pictures) {
      const head = (await Deno.readFile(path)).subarray(1, 4);
      assert.equal(new TextDecoder().decode(head), "PNG");
    }
    assert.ok(report.pictures.includes(`${out}/scores-strip.png`));
    const people = await screen("fixtures/samples/7.png", "--method", "strip");
    assert.match(
      people,
      /^fixtures\/samples\/7\.png, for mnist-article-.*, version 1: accepted\n\nSTRIP /,
    );
    assert.match(
      people,
      / of 300 clean images score as high; above .*, at most 1 % of clean images /,
    );
  }));

Deno.test("a training set is looked through: a model's own, and one in a file", () =>
  withFolder(async (folder) => {
    const kv = ["--kv", `${folder}/kv.sqlite`];
    const trained = await runCommand("train", [...train, "--name", "victim", ...kv]);
    assert.equal(trained.status, 0, trained.stderr);
    const set = `${folder}/set.npz`;
    const written = await runCommand("poison", [
      "--dataset",
      "mnist",
      "--limit",
      "1000",
      "--out",
      set,
    ]);
    assert.equal(written.status, 0, written.stderr);
    const reports = [];
    for (const [which, statistic] of [["victim", -1], [set, -1], [set, 1]] as const) {
      const path = `${folder}/calibration.json`;
      await Deno.writeTextFile(path, formatCalibration(calibration(["rows/strip"], statistic)));
      const args = [which, "--model", "victim", "--method", "strip", "--calibration", path];
      const outcome = await runCommand("defend", ["data", ...args, ...kv, "--json"]);
      assert.equal(outcome.status, 0, outcome.stderr);
      reports.push(JSON.parse(outcome.stdout));
    }
    const [own, inFile, quiet] = reports;
    assert.deepEqual([own.set, own.rows], ["the training set of victim", 1111]);
    const [verdict] = own.verdicts;
    assert.deepEqual([verdict.method, verdict.poisoned, verdict.cleanModels], ["strip", 111, 20]);
    assert.deepEqual([own.suspicious, verdict.falseAlarmRate], [true, 1 / 21]);
    assert.equal(own.flagged.length, verdict.rows);
    assert.ok(verdict.recall >= 0 && verdict.auroc >= 0);
    // The file holds what the manifest tells how to make.
    const { seconds: _, ...figures } = verdict;
    const { seconds: __, ...same } = inFile.verdicts[0];
    assert.deepEqual([same, inFile.flagged], [figures, own.flagged]);
    // No share of rows lies above one.
    assert.deepEqual([quiet.suspicious, quiet.flagged, quiet.verdicts[0].rows], [false, [], 0]);
  }));

Deno.test("a calibration of other models is refused, and so is a model without one", () =>
  withFolder(async (folder) => {
    const file = `${folder}/badnets.json`;
    await Deno.writeTextFile(file, formatCalibration(calibration(["model/mm-bd"], 1)));
    const kv = ["--kv", `${folder}/kv.sqlite`];
    const given = ["mnist-article-clean", "--calibration", file, ...kv];
    const other = await runCommand("defend", ["model", ...given]);
    assert.equal(other.status, 2);
    assert.match(
      other.stderr,
      /^error: Cannot judge the model: the calibration must be of network article on mnist, got one of network badnets on mnist; .*\n$/,
    );
    const train = ["--model", "badnets", "--limit", "256", "--epochs", "1", "--name", "some"];
    assert.equal((await runCommand("train", [...train, ...kv])).status, 0);
    const none = await runCommand("defend", ["model", "some", "--dataset", "fashion-mnist", ...kv]);
    assert.equal(none.status, 1);
    assert.match(
      none.stderr,
      /there is no calibration of network badnets on fashion-mnist; make one by deno task defend calibrate --dataset fashion-mnist --model badnets --out FILE/,
    );
  }));

const failures: readonly [args: string[], status: 1 | 2, message: RegExp][] = [
  [["model", "gone"], 1, /^error: Cannot judge model "gone": there is no such model.*\n$/],
  [["model"], 2, /^error: missing required argument 'model'\n$/],
  [["input", "fixtures/samples/7.png"], 2, /required option '--model <name>' not specified\n$/],
  [
    ["input", "gone.png", "--model", "mnist-article-clean"],
    1,
    /^error: Cannot read gone\.png: .*; give IMAGE another path\n$/,
  ],
  [
    ["data", "mnist"],
    2,
    /^error: Cannot look through a training set: --model must name a model .*\n$/,
  ],
  [["model", "gone", "--method", "magic"], 2, /must be one of neural-cleanse, mm-bd, .*all\.\n$/],
  [["model", "gone", "--clean", "10"], 2, /from 200 to /],
  [["calibrate"], 2, /required option '--out <file>' not specified\n$/],
];
for (const [args, status, message] of failures) {
  Deno.test(`defend ${args.join(" ")} ends with status ${status} and one line`, async () => {
    const outcome = await runCommand("defend", [...args, "--kv", ":memory:"]);
    assert.match(outcome.stderr, message);
    assert.deepEqual([outcome.status, outcome.stdout], [status, ""]);
  });
}
