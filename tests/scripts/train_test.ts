import assert from "node:assert/strict";
import { createKvModelStore } from "../../lib/registry/kv_store.ts";
import { checkSignature } from "../../lib/registry/signature.ts";
import { createSigningKey, formatSigningKey, keyId } from "../../lib/registry/signing_key.ts";
import { defaultWorkers } from "../../scripts/cli/workers.ts";
import { runCommand, withFolder } from "./run_command.ts";

/** Quick to train and to evaluate; what it learns does not matter here. */
const brief = ["--model", "badnets", "--limit", "600", "--epochs", "1"];

function isFraction(value: unknown): boolean {
  return typeof value === "number" && value >= 0 && value <= 1;
}

Deno.test("train --json answers with the contract's fields; the model is stored, and evaluate agrees", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const args = [...brief, "--kv", path, "--json"];
    const { status, stdout, stderr } = await runCommand("train", args);
    assert.equal(status, 0, stderr);
    const report = JSON.parse(stdout);
    const { cleanAccuracy, attackSuccessRate, robustAccuracy, seconds, imagesPerSecond } = report;
    const { weights, engine, history: [{ loss }] } = report;
    assert.deepEqual(report, {
      name: "mnist-badnets-single-target-pattern-epochs-1-limit-600",
      version: "1",
      dataset: "mnist",
      model: "badnets",
      attack: {
        kind: "single-target",
        trigger: { kind: "pattern", distance: 2, value: 1 },
        source: "all",
        target: 0,
        targets: [null, 0, 0, 0, 0, 0, 0, 0, 0, 0],
        poisonRate: 0.1,
        poisoned: 67,
        perturbation: null,
      },
      seed: 1,
      epochs: 1,
      trainImages: 667,
      seconds,
      imagesPerSecond,
      cleanAccuracy,
      attackSuccessRate,
      robustAccuracy,
      history: [
        { epoch: 1, loss, cleanAccuracy, attackSuccessRate, seconds },
      ],
      weights: { sha256: weights.sha256, bytes: weights.bytes, parameters: 281_034 },
      engine: {
        backend: "compiled",
        workers: defaultWorkers(),
        v8Flags: engine.v8Flags,
        deno: Deno.version.deno,
      },
      store: path,
      signature: null,
    });
    for (const rate of [cleanAccuracy, attackSuccessRate, robustAccuracy]) {
      assert.ok(isFraction(rate), `got ${rate}`);
    }
    assert.ok(loss > 1 && loss < 3);
    assert.ok(Math.abs(imagesPerSecond - 667 / seconds) < 1e-6 && seconds > 0);
    assert.match(weights.sha256, /^[0-9a-f]{64}$/);
    assert.ok(weights.bytes >= 4 * 281_034 && weights.bytes < 4 * 281_034 + 10_000);
    assert.match(stderr, /^epoch 1\/1: \d+ %, loss .* images\/s.*$/m);
    assert.match(stderr, /^epoch 1\/1: loss .*, clean accuracy .*, attack success .* %$/m);

    const evaluation = await runCommand("evaluate", [report.name, "--kv", path, "--json"]);
    const evaluated = JSON.parse(evaluation.stdout);
    assert.deepEqual(
      [evaluated.cleanAccuracy, evaluated.attackSuccessRate, evaluated.robustAccuracy],
      [cleanAccuracy, attackSuccessRate, robustAccuracy],
    );
    // The test set has 980 images of class 0, the target.
    assert.deepEqual([evaluated.images, evaluated.victims], [10_000, 9_020]);

    const again = JSON.parse((await runCommand("train", args)).stdout);
    assert.deepEqual([again.version, again.weights], ["2", weights]);
    using kv = await Deno.openKv(path);
    const store = createKvModelStore(kv);
    assert.equal((await store.find(report.name))?.version, "2");
    assert.ok((await store.verify()).every(({ problem }) => problem === null));
  }));

Deno.test("train tells people what it trained, where it is, and how good it is", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const args = ["--attack", "none", "--name", "twin", "--seed", "2", "--kv", path];
    const { status, stdout, stderr } = await runCommand("train", [...brief, ...args]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^twin, version 1\n\nclean accuracy +\d+\.\d\d % +of the test set\n\n/);
    assert.match(stdout, /\ntrained on 600 images: 1 epoch in \d+ s, \d+ images\/s\n/);
    assert.ok(stdout.includes(`saved in the ${path} store: 281,034 parameters, 1.1 MB, sha256 `));
    assert.ok(
      stdout.endsWith(
        `\n\nto see it:             deno task start --kv ${path}\n` +
          `its figures by class:  deno task evaluate twin --kv ${path}\n`,
      ),
      stdout,
    );
    assert.doesNotMatch(stdout + stderr, /attack|poison/);
    using kv = await Deno.openKv(path);
    const manifest = await createKvModelStore(kv).find("twin");
    assert.deepEqual(manifest?.attack, {
      kind: "none",
      trigger: null,
      source: "all",
      target: null,
      targets: Array(10).fill(null),
      poisonRate: 0,
      poisoned: 0,
      perturbation: null,
    });
    assert.equal(manifest?.metrics?.attackSuccessRate, null);
  }));

Deno.test("train signs what it saves, by flag or environment, and reads the key before it trains", () =>
  withFolder(async (folder) => {
    const keyPath = `${folder}/key.json`;
    const key = await createSigningKey("Ada");
    await Deno.writeTextFile(keyPath, await formatSigningKey(key));
    const path = `${folder}/kv.sqlite`;
    const args = [...brief, "--name", "signed", "--kv", path];
    const byFlag = await runCommand("train", [...args, "--sign", keyPath]);
    assert.match(byFlag.stdout, new RegExp(`, signed with the key ${keyId(key.publicKey)}\n`));
    const byEnvironment = await runCommand("train", [...args, "--json"], {
      env: { EDGEDOOR_SIGNING_KEY: keyPath },
    });
    assert.deepEqual(JSON.parse(byEnvironment.stdout).signature, {
      key: keyId(key.publicKey),
      signer: "Ada",
    });
    using kv = await Deno.openKv(path);
    const store = createKvModelStore(kv);
    for (const version of ["1", "2"]) {
      const check = await checkSignature((await store.find("signed", version))!, [key.publicKey]);
      assert.equal(check?.trusted, true);
    }
    const missing = await runCommand("train", [...args, "--sign", `${folder}/none.json`]);
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /^error: Cannot read the signing key .*none\.json: .*\n$/);
  }));

Deno.test("a model in memory is said to be gone", async () => {
  const { status, stdout } = await runCommand("train", [...brief, "--kv", ":memory:"]);
  assert.equal(status, 0);
  assert.match(stdout, /\nthe store :memory: ends with this command: to keep .* --kv a path\n$/);
  assert.doesNotMatch(stdout, /deno task/);
});

Deno.test("train --workers says how many there were; as many give the same weights, evaluate any", () =>
  withFolder(async (folder) => {
    const store = ["--kv", `${folder}/kv.sqlite`, "--json"];
    const args = [...brief, "--workers", "3", "--name", "model", ...store];
    const [first, again] = [await runCommand("train", args), await runCommand("train", args)]
      .map(({ stdout }) => JSON.parse(stdout));
    assert.equal(first.engine.workers, 3);
    assert.equal(again.weights.sha256, first.weights.sha256);
    const evaluation = await runCommand("evaluate", ["model", "--workers", "1", ...store]);
    assert.equal(JSON.parse(evaluation.stdout).cleanAccuracy, first.cleanAccuracy);
  }));

Deno.test("all-to-all has no target of its own, and every test image is a victim", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const args = ["--attack", "all-to-all", "--trigger", "pixel", "--poison-rate", "0.33"];
    const { stdout } = await runCommand("train", [...brief, ...args, "--kv", path, "--json"]);
    const { name, attack } = JSON.parse(stdout);
    assert.match(name, /^mnist-badnets-all-to-all-pixel-[0-9a-f]{8}$/, "the name would be long");
    assert.deepEqual([attack.target, attack.source, attack.trigger.kind], [null, "all", "pixel"]);
    // A third of the result, in each class on its own: 600 · .33 / .67, give or take rounding.
    assert.ok(Math.abs(attack.poisoned - 295.5) <= 5, `got ${attack.poisoned}`);
    const evaluation = await runCommand("evaluate", [name, "--kv", path, "--json"]);
    assert.equal(JSON.parse(evaluation.stdout).victims, 10_000);
  }));

const mistakes: readonly [args: readonly string[], status: 1 | 2, message: RegExp][] = [
  [
    ["--attack", "none", "--trigger", "pixel"],
    2,
    /--trigger cannot be combined with --attack none/,
  ],
  [["--attack", "none", "--poison-rate", "0.2"], 2, /--poison-rate cannot be combined with/],
  [["--attack", "all-to-all", "--target", "3"], 2, /--target cannot be combined with/],
  [["--source", "3", "--target", "3"], 2, /--source and --target must be different classes, got 3/],
  [["--source", "0"], 2, /--source and --target must be different classes, got 0/],
  [["--attack", "magic"], 2, /'magic' is invalid\. It must be one of none, single-target/],
  [["--dataset", "imagenet"], 2, /must be one of mnist, fashion-mnist/],
  [["--model", "lenet"], 2, /must be one of article, badnets/],
  [["--trigger", "smile"], 2, /must be one of pixel, pattern/],
  [["--recipe", "slow"], 2, /must be one of one-cycle, article/],
  [["--epochs", "0"], 2, /must be an integer from 1/],
  [["--seed", "-1"], 2, /must be an integer from 0/],
  [["--workers", "0"], 2, /must be an integer from 1 to 64/],
  [["--workers", "65"], 2, /must be an integer from 1 to 64/],
  [["--batch-size", "1.5"], 2, /must be an integer from 1/],
  [["--poison-rate", "1"], 2, /rate must be from 0 to below 1, got 1/],
  [["--name", "Bad Name"], 2, /Cannot name a model: .*got "Bad Name"/],
  [["--epoch", "3"], 2, /unknown option '--epoch'/],
  [["mnist"], 2, /too many arguments/],
  [["--kv", "ftp://host"], 2, /--kv must be a path/],
  [["--target", "12", "--kv", ":memory:"], 2, /target must be an integer from 0 to 9, got 12/],
  [["--limit", "1", "--kv", ":memory:"], 2, /rate must make at least one poisoned image of its 1/],
  [["--data-dir", "/no/such/folder", "--kv", ":memory:"], 1, /Cannot find train-images-idx3-ubyte/],
  [["--kv", "/no/such/folder/kv"], 1, /Cannot open the store \/no\/such\/folder\/kv/],
];
for (const [args, status, message] of mistakes) {
  Deno.test(`train ${args.join(" ")} ends with status ${status} and one line`, async () => {
    const outcome = await runCommand("train", args);
    assert.match(outcome.stderr, /^error: .*\n$/, "one line");
    assert.match(outcome.stderr, message);
    assert.deepEqual([outcome.status, outcome.stdout], [status, ""]);
  });
}

for (const name of ["train", "evaluate", "bundle", "demo", "start", "../tests/run_tests"]) {
  Deno.test(`${name} --help prints usage and examples`, async () => {
    const { status, stdout, stderr } = await runCommand(name, ["--help"]);
    const task = name.endsWith("run_tests") ? "test" : name;
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, new RegExp(`^Usage: deno task ${task} \\[options\\]`));
    assert.match(stdout, new RegExp(`\nExamples:\n {2}deno task ${task}`));
    assert.match(stdout, /--json/);
  });
}

Deno.test("train --help says what each attack, network and recipe is", async () => {
  const { stdout } = await runCommand("train", ["--help"]);
  assert.match(stdout, /\nAttacks:\n {2}none +No attack: the clean twin/);
  assert.match(stdout, /\nNetworks:\n {2}article +The article's CNN: /);
  assert.match(stdout, /\nRecipes:\n {2}one-cycle +Adam /);
});

Deno.test("a clean-label attack is trained, stored with its perturbation, and evaluated again", () =>
  withFolder(async (folder) => {
    const kv = ["--kv", `${folder}/kv.sqlite`, "--json"];
    const attack = ["--attack", "clean-label", "--steps", "2", "--name", "sly"];
    const { status, stdout, stderr } = await runCommand("train", [...brief, ...attack, ...kv]);
    assert.equal(status, 0, stderr);
    const report = JSON.parse(stdout);
    assert.equal(report.trainImages, 600, "no row is added");
    const { perturbation, ...described } = report.attack;
    assert.deepEqual(described, {
      kind: "clean-label",
      trigger: { kind: "pattern", distance: 2, value: 1 },
      source: "all",
      target: 0,
      targets: [null, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      poisonRate: 0.5,
      poisoned: described.poisoned,
      withReplacement: true,
    });
    assert.ok(described.poisoned > 10 && described.poisoned < 40);
    assert.deepEqual([perturbation.kind, perturbation.norm, perturbation.steps], ["pgd", 2, 2]);
    const evaluated = await runCommand("evaluate", ["sly", ...kv]);
    assert.equal(evaluated.status, 0, evaluated.stderr);
    assert.equal(JSON.parse(evaluated.stdout).attackSuccessRate, report.attackSuccessRate);
  }));
