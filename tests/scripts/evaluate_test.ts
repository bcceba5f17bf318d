import assert from "node:assert/strict";
import { createKvModelStore } from "../../lib/registry/kv_store.ts";
import { patternedBlob } from "../lib/registry/kv_faults.ts";
import { describeTiny } from "../lib/registry/tiny_model.ts";
import { runCommand, withFolder } from "./run_command.ts";

const train = ["--model", "badnets", "--limit", "256", "--epochs", "1", "--attack", "none"];

Deno.test("evaluate prints figures by class, and which class was classified as which", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const trained = await runCommand("train", [...train, "--name", "twin", "--kv", path]);
    assert.equal(trained.status, 0, trained.stderr);
    const people = await runCommand("evaluate", ["twin", "--kv", path]);
    assert.equal(people.status, 0, people.stderr);
    assert.match(
      people.stdout,
      /^twin, version 1\n\nclean accuracy +\d+\.\d\d % +of 10,000 images\n/,
    );
    assert.match(people.stdout, /\nCLASS +ACCURACY( +\d){10}\n0 +\d/);
    assert.match(people.stdout, /\n\d+ images\/s\n$/);
    assert.doesNotMatch(people.stdout, /attack/);
    const { stdout, stderr } = await runCommand("evaluate", ["twin", "--kv", path, "--json"]);
    assert.equal(stderr, "");
    const report = JSON.parse(stdout);
    assert.deepEqual(Object.keys(report), [
      ...["name", "version", "dataset", "images", "attack", "cleanAccuracy", "perClass"],
      "confusion",
      ...["attackSuccessRate", "robustAccuracy", "victims", "flipRate", "flippable", "pairs"],
      ...["triggeredConfusion", "imagesPerSecond"],
    ]);
    assert.deepEqual([report.attackSuccessRate, report.victims, report.pairs], [null, null, null]);
    const rows: number[][] = report.confusion;
    assert.equal(rows.flat().reduce((sum, count) => sum + count), 10_000);
    const right = rows.reduce((sum, row, label) => sum + row[label]!, 0);
    assert.equal(report.cleanAccuracy, right / 10_000);
    assert.equal(report.perClass[3], rows[3]![3]! / 1010, "the test set has 1,010 threes");
  }));

Deno.test("under an attack, evaluate prints each class with the trigger and its target", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const attack = ["--attack", "single-target", "--target", "3", "--source", "7"];
    const args = [...train.slice(0, -2), ...attack, "--name", "victim", "--kv", path];
    const trained = await runCommand("train", args);
    assert.equal(trained.status, 0, trained.stderr);
    const people = await runCommand("evaluate", ["victim", "--kv", path]);
    assert.equal(people.status, 0, people.stderr);
    assert.match(
      people.stdout,
      /\nattack success +\d+\.\d\d % +of 1,028 images with the trigger\n/,
    );
    assert.match(
      people.stdout,
      /\n +(\d+\.\d\d %|–) +of [\d,]+ that are not classified as the target/,
    );
    assert.match(people.stdout, /\nCLASS +TARGET +SUCCESS +FLIPPED +ROBUST( +\d){10}\n7 +3 +\d/);
    const { stdout } = await runCommand("evaluate", ["victim", "--kv", path, "--json"]);
    const report = JSON.parse(stdout);
    const { attackSuccessRate, robustAccuracy, victims, flipRate, flippable } = report;
    assert.deepEqual(report.pairs, [
      {
        ...{ source: 7, target: 3 },
        ...{ attackSuccessRate, robustAccuracy, victims, flipRate, flippable },
      },
    ]);
    assert.equal(victims, 1028);
    // The clean pass and the triggered one are of the same images.
    assert.equal(flippable, 1028 - report.confusion[7][3]);
    assert.equal(report.triggeredConfusion[7][3], attackSuccessRate * 1028);
  }));

Deno.test("a bundled model is evaluated under another trigger, and a clean one under any", async () => {
  const kv = ["--kv", ":memory:", "--json"];
  const evaluate = async (...args: string[]) => {
    const { status, stdout, stderr } = await runCommand("evaluate", [...args, ...kv]);
    assert.equal(status, 0, stderr);
    return JSON.parse(stdout);
  };
  const own = await evaluate("mnist-article-single-target-pattern");
  assert.equal(own.attack.isOwn, true);
  assert.ok(own.attackSuccessRate > 0.99);
  const weak = await evaluate(
    ...["mnist-article-single-target-pattern", "--trigger-value", "0.01", "--source", "7"],
  );
  assert.deepEqual(weak.attack, {
    kind: "single-target",
    trigger: { kind: "pattern", distance: 2, value: 0.01 },
    targets: [null, null, null, null, null, null, null, 0, null, null],
    isOwn: false,
  });
  assert.deepEqual([weak.victims, weak.cleanAccuracy], [1028, own.cleanAccuracy]);
  assert.ok(weak.attackSuccessRate < 0.05, "four pixels that are hardly there");
  const twin = await evaluate("mnist-article-clean", "--trigger", "pattern", "--target", "3");
  assert.equal(twin.victims, 8990, "the test set has 1,010 threes");
  assert.ok(twin.attackSuccessRate < 0.01 && twin.robustAccuracy > 0.98);
});

Deno.test("people are told under which attack, and an image is one", () =>
  withFolder(async (folder) => {
    await Deno.copyFile("fixtures/samples/7.png", `${folder}/seven.png`);
    const image = ["--trigger", "image:seven.png", "--trigger-size", "5x5", "--target", "8"];
    const { status, stdout, stderr } = await runCommand(
      "evaluate",
      ["mnist-article-single-target-pattern", ...image, "--kv", ":memory:"],
      { env: { INIT_CWD: folder } },
    );
    assert.equal(status, 0, stderr);
    assert.match(
      stdout,
      /^.*, version 1\nunder the attack single-target, trigger image, target 8, in the place of its own\n\n/,
    );
  }));

Deno.test("what the server shows can be evaluated: bundled models, and each version of stored ones", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const kv = ["--kv", path];
    const bundled = await runCommand("evaluate", ["mnist-article-clean", ...kv, "--json"]);
    assert.equal(bundled.status, 0, bundled.stderr);
    assert.ok(JSON.parse(bundled.stdout).cleanAccuracy > 0.98);
    for (const seed of ["1", "2"]) {
      const trained = [...train, "--seed", seed, "--name", "twin", ...kv];
      assert.equal((await runCommand("train", trained)).status, 0);
    }
    const figures = [];
    for (const which of ["twin", "twin@1", "twin@2"]) {
      const { stdout } = await runCommand("evaluate", [which, ...kv, "--json"]);
      const { version, confusion } = JSON.parse(stdout);
      figures.push({ version, confusion });
    }
    assert.deepEqual(figures.map(({ version }) => version), ["2", "1", "2"]);
    assert.deepEqual(figures[0], figures[2]);
    assert.notDeepEqual(figures[0]!.confusion, figures[1]!.confusion);
  }));

Deno.test("a model of no known data set cannot be evaluated", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    {
      using kv = await Deno.openKv(path);
      const description = describeTiny({ dataset: null });
      await createKvModelStore(kv).save("stranger", patternedBlob(900), description);
    }
    const { status, stdout, stderr } = await runCommand("evaluate", ["stranger", "--kv", path]);
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^error: Cannot evaluate model "stranger": its manifest must name .*\n$/);
  }));

const failures: readonly [args: string[], status: 1 | 2, message: RegExp][] = [
  [
    ["gone", "--kv", ":memory:"],
    1,
    /^error: Cannot evaluate model "gone": there is no such model.* bundled: mnist-article-.*\n$/,
  ],
  [
    ["mnist-article-clean@99", "--kv", ":memory:"],
    1,
    /"mnist-article-clean@99": there is no such model/,
  ],
  [["--kv", ":memory:"], 2, /^error: missing required argument 'model'\n$/],
  [["gone", "--workers", "x"], 2, /^error: option '--workers <n>' .* from 1 to 64\.\n$/],
  [
    ["mnist-article-clean", "--attack", "all-to-all", "--target", "3", "--kv", ":memory:"],
    2,
    /^error: Cannot make attack: --target cannot be combined with --attack all-to-all, .*\n$/,
  ],
  [["mnist-article-clean", "--trigger", "smile"], 2, /must be one of pixel, pattern/],
  [["mnist-article-clean", "--target", "12", "--kv", ":memory:"], 2, /from 0 to 9, got 12/],
  [["Bad Name", "--kv", ":memory:"], 1, /^error: Cannot evaluate model "Bad Name": .*\n$/],
];
for (const [args, status, message] of failures) {
  Deno.test(`evaluate ${args.join(" ")} ends with status ${status} and one line`, async () => {
    const outcome = await runCommand("evaluate", args);
    assert.match(outcome.stderr, message);
    assert.deepEqual([outcome.status, outcome.stdout], [status, ""]);
  });
}
