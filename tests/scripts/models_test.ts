import assert from "node:assert/strict";
import { createFixtureSource } from "../../lib/registry/fixture_source.ts";
import { overlay } from "../../lib/registry/overlay.ts";
import { tellManifest, type ToldManifest } from "../../lib/registry/signature.ts";
import { checkSignatures } from "../../lib/registry/signed_source.ts";
import type { ServedManifest } from "../../lib/registry/source.ts";
import type { ModelStore } from "../../lib/registry/store.ts";
import { patternedBlob } from "../lib/registry/kv_faults.ts";
import { describeTiny, tinyAttack } from "../lib/registry/tiny_model.ts";
import { models, withStore } from "./models_command.ts";

const bundled = createFixtureSource(new URL("../../fixtures/models/", import.meta.url));
/** How many are bundled. */
const both = (await bundled.list()).length;

/** What is served from a store that has these models: bundled ones of other names are served too. */
async function servedBeside(store: ModelStore): Promise<readonly ToldManifest[]> {
  const models = await checkSignatures(overlay(store, bundled)).list();
  return models.map(tellManifest);
}

/** The rows of a table that are about stored models, and its head. */
const storedRows = (table: string) =>
  table.split("\n").filter((line) => /^NAME|stored$/.test(line)).join("\n");

Deno.test("models list prints an aligned table, or JSON", () =>
  withStore(async (path, store) => {
    const { status, stdout, stderr } = await models(["list", "--kv", path]);
    assert.equal(stderr, "");
    // The columns are as wide as the bundled models' names want them.
    assert.equal(
      storedRows(stdout).replaceAll(/ {2,}/g, "  "),
      [
        "NAME  VERSION  ARCHITECTURE  DATASET  ATTACK  CLEAN  SUCCESS  SIZE  SAVED  SIGNED  SOURCE",
        "bad  2  tiny  squares  single-target  99.01 %  100.00 %  900 B  2026-01-02 03:06 UTC  –  stored",
        "clean  1  tiny  squares  none  75.00 %  –  1.2 MB  2026-01-02 03:04 UTC  –  stored",
      ].join("\n"),
    );
    const lines = stdout.trimEnd().split("\n");
    assert.equal(
      new Set(lines.map((line) => line.indexOf(/stored|bundled|SOURCE/.exec(line)![0]))).size,
      1,
    );
    assert.equal(status, 0);
    const json = await models(["list", "--json", "--kv", path]);
    assert.deepEqual(JSON.parse(json.stdout), { models: await servedBeside(store), problems: [] });
  }));

Deno.test("models list fits the width of the terminal, and cuts long names in their middle", () =>
  withStore(async (path, store) => {
    const name = `${"a".repeat(50)}-${"b".repeat(49)}`;
    await store.save(name, patternedBlob(10), describeTiny());
    for (const width of [60, 80, 100, 120]) {
      const { stdout } = await models(["list", "--kv", path], { COLUMNS: String(width) });
      const lines = stdout.trimEnd().split("\n");
      assert.ok(lines.every((line) => line.length <= width), stdout);
      assert.match(stdout, /^a{11,}…b{11,} /m);
      assert.match(stdout, /^bad .*99\.01 % .*stored$/m);
    }
    assert.ok((await models(["list", "--kv", path])).stdout.includes(name));
    assert.match((await models(["show", name, "--kv", path])).stdout, new RegExp(`^${name}\n`));
  }));

Deno.test("models list has the bundled models where the store has none, and says what to do", async () => {
  const { status, stdout } = await models(["list", "--kv", ":memory:"]);
  assert.equal(status, 0);
  for (const { name } of await bundled.list()) {
    assert.match(stdout, new RegExp(`^${name} .* bundled$`, "m"));
  }
  assert.match(stdout, /\n\nThe store has no models yet: deno task train makes one\.\n$/);
});

Deno.test("models list names what it leaves out", () =>
  withStore(async (path, _store, kv) => {
    await kv.set(["models", "bad", "versions", "2"], new Uint8Array());
    const { status, stdout } = await models(["list", "--kv", path]);
    assert.equal(status, 0);
    assert.match(stdout, /\n\nbad@2 is left out: Cannot read the manifest at .*\n$/);
    assert.match(stdout, /^bad +1 .*stored$/m);
    assert.match(stdout, /^clean .*stored$/m);
    const { problems } = JSON.parse((await models(["list", "--json", "--kv", path])).stdout);
    assert.deepEqual(problems.map(({ name }: { name: string }) => name), ["bad"]);
    const shown = await models(["show", "bad@1", "--kv", path]);
    assert.match(shown.stdout, /\nbroken versions +2\nall versions +1\n$/);
    assert.equal((await models(["show", "bad", "--kv", path])).status, 1);
  }));

Deno.test("models show and verify know bundled models, and delete refuses them", async () => {
  const [{ name, weights }] = await bundled.list() as [ServedManifest];
  const shown = await models(["show", name, "--kv", ":memory:"]);
  assert.match(shown.stdout, new RegExp(`^${name}\n\nversion +1, served\n[^]*\nsource +bundled\n`));
  const { model, versions } = JSON.parse(
    (await models(["show", name, "--json", "--kv", ":memory:"])).stdout,
  );
  assert.deepEqual([model.source, versions], ["fixture", ["1"]]);
  const verified = await models(["verify", name, "--json", "--kv", ":memory:"]);
  assert.deepEqual(JSON.parse(verified.stdout), {
    ok: true,
    models: [{
      ...{ name, version: "1", current: true, problem: null, weights, source: "fixture" },
      signature: null,
    }],
  });
  const deleted = await models(["delete", name, "--kv", ":memory:"]);
  assert.equal(deleted.status, 2);
  assert.match(
    deleted.stderr,
    /it is bundled with edgedoor .*only stored models can be deleted\n$/,
  );
});

Deno.test("a stored model of a bundled one's name is the one that is listed, shown and deleted", () =>
  withStore(async (path, store) => {
    const [{ name }] = await bundled.list() as [ServedManifest];
    await store.save(name, patternedBlob(10), describeTiny());
    const { stdout } = await models(["list", "--json", "--kv", path]);
    const listed = JSON.parse(stdout).models.filter((model: ServedManifest) => model.name === name);
    assert.deepEqual(listed.map(({ source }: ServedManifest) => source), ["kv"]);
    assert.match((await models(["show", name, "--kv", path])).stdout, /\nsource +stored\n/);
    assert.equal((await models(["delete", name, "--kv", path])).status, 0);
    assert.match((await models(["show", name, "--kv", path])).stdout, /\nsource +bundled\n/);
  }));

Deno.test("models show prints one model or one version of it", () =>
  withStore(async (path, store) => {
    const { stdout } = await models(["show", "bad", "--kv", path]);
    assert.match(stdout, /^bad\n\nversion +2, served\n/);
    assert.match(
      stdout,
      /single-target, pixel trigger \(distance 1, value 1\), source all, target 0/,
    );
    assert.match(stdout, /all versions +2, 1\n$/);
    assert.match((await models(["show", "bad@1", "--kv", path])).stdout, /version +1\n/);
    const json = JSON.parse((await models(["show", "bad@1", "--json", "--kv", path])).stdout);
    assert.deepEqual(json.versions, ["2", "1"]);
    assert.equal(json.current, "2");
    assert.equal(json.model.weights.sha256, (await store.find("bad", "1"))?.weights.sha256);
  }));

Deno.test("models show says how images were perturbed, and the network trained", () =>
  withStore(async (path, store) => {
    const perturbation = { kind: "pgd", epsStep: 0.5, proxy: { kind: "plain", epochs: 2 } };
    const training = {
      ...{
        seed: 1,
        recipe: "residual",
        depth: 8,
        epochs: 2,
        batchSize: 32,
        learningRateFactor: 0.5,
      },
      augmentation: { shift: 4, flip: true, order: "before trigger" },
      ...{ trainImages: 600, dataDigest: "d", seconds: 1, imagesPerSecond: 1200, history: [] },
      engine: { backend: "compiled", workers: 1, v8Flags: [], deno: "2" },
      versions: { edgedoor: "1", tfjs: "4" },
    };
    const attack = { ...tinyAttack, kind: "clean-label", perturbation, withReplacement: true };
    await store.save("subtle", patternedBlob(900), describeTiny({ attack, training }));
    const { stdout } = await models(["show", "subtle", "--kv", path]);
    for (
      const line of [
        /\narchitecture +tiny of depth 8, input 2×2×1\n/,
        /\nperturbation +kind pgd, eps step 0\.5, proxy \(kind plain, epochs 2\); drawn with rep/,
        /recipe residual at 0\.5 times its rate, .* batch 32, shift 4 and flip before trigger, /,
      ]
    ) assert.match(stdout, line);
  }));

Deno.test("models verify says which versions are good and which are served", () =>
  withStore(async (path) => {
    const { status, stdout } = await models(["verify", "--kv", path]);
    assert.equal(status, 0);
    assert.match(stdout, /bad +2 +served +900 B +– +good/);
    assert.match(stdout, /bad +1 +900 B +– +good/);
    assert.match(stdout, /clean +1 +served +1\.2 MB +– +good/);
    assert.match(stdout, new RegExp(`\\n${3 + both} of ${3 + both} versions are good\\.\n$`));
  }));

Deno.test("models verify fails where something is wrong, and says what to serve instead", () =>
  withStore(async (path, store, kv) => {
    const served = await store.find("bad");
    await kv.delete(["blobs", served!.weights.sha256, 0]);
    const { status, stdout } = await models(["verify", "--kv", path]);
    assert.equal(status, 1);
    assert.match(stdout, /bad +2 +served .*lacks chunk 0/);
    assert.match(stdout, new RegExp(`${2 + both} of ${3 + both} versions are good\\.`));
    assert.match(
      stdout,
      /Version 1 of bad is good, and served in its place; .*deno task models delete bad@2\n$/,
    );
    const json = await models(["verify", "bad", "--json", "--kv", path]);
    assert.equal(json.status, 1);
    const { ok, models: states } = JSON.parse(json.stdout);
    assert.equal(ok, false);
    assert.deepEqual(
      states.map((state: Record<string, unknown>) => [state.version, state.problem === null]),
      [["2", false], ["1", true]],
    );
    assert.equal((await models(["verify", "bad@1", "--kv", path])).status, 0);
    assert.equal((await models(["delete", "bad@2", "--kv", path])).status, 0);
    assert.equal((await models(["verify", "--kv", path])).status, 0);
    assert.equal((await store.find("bad"))?.version, "1");
  }));

Deno.test("models delete deletes a version or a model, and says what is served now", () =>
  withStore(async (path, store) => {
    const one = await models(["delete", "bad@2", "--kv", path]);
    assert.equal(one.stdout, "Deleted bad, version 2. Version 1 is served.\n");
    const json = await models(["delete", "bad", "--json", "--kv", path]);
    const { name, versions, current, blobs } = JSON.parse(json.stdout);
    assert.deepEqual([name, versions, current, blobs.length], ["bad", ["1"], null, 1]);
    assert.deepEqual((await store.list()).map((model) => model.name), ["clean"]);
  }));

Deno.test("models delete --dry-run says what would be deleted, and deletes nothing", () =>
  withStore(async (path, store) => {
    const before = await store.list();
    const one = await models(["delete", "bad@2", "--dry-run", "--kv", path]);
    assert.equal(one.stdout, "Would delete bad, version 2. Version 1 would be served.\n");
    const json = await models(["delete", "bad", "--dry-run", "--json", "--kv", path]);
    const { name, versions, current, blobs, dryRun } = JSON.parse(json.stdout);
    assert.deepEqual([name, versions, current, blobs.length, dryRun], [
      "bad",
      ["2", "1"],
      null,
      2,
      true,
    ]);
    assert.deepEqual(await store.list(), before);
    assert.equal((await models(["delete", "gone", "--dry-run", "--kv", path])).status, 1);
  }));

Deno.test("models delete --yes deletes without a question", () =>
  withStore(async (path, store) => {
    const { stdout } = await models(["delete", "bad", "--yes", "--kv", path]);
    assert.equal(stdout, "Deleted bad, version 2, version 1.\n");
    assert.equal(await store.find("bad"), null);
  }));

const failures: readonly [args: string[], status: number, message: RegExp][] = [
  [["show", "gone", "--kv", ":memory:"], 1, /^error: Cannot show model "gone": .*\n$/],
  [
    ["delete", "gone@2", "--kv", ":memory:"],
    1,
    /^error: Cannot find model "gone" version 2: .*\n$/,
  ],
  [["verify", "gone", "--kv", ":memory:"], 1, /^error: Cannot find model "gone": .*\n$/],
  [
    ["list", "--kv", "/no/such/folder/kv"],
    1,
    /^error: Cannot open the store \/no\/such.*exist.*\n$/,
  ],
  [["list", "--kv", "ftp://host"], 2, /^error: Cannot open the store: --kv must be a path/],
  [["list", "--kv", ""], 2, /^error: Cannot open the store: --kv must be a path/],
  [["list", "--kv", "http://127.0.0.1:9"], 2, /DENO_KV_ACCESS_TOKEN must hold/],
  [["sign", "gone", "--kv", ":memory:"], 2, /--key must be the file of a key, .* models keygen\n$/],
  [
    ["sign", "gone", "--key", "/no/such", "--kv", ":memory:"],
    1,
    /no such file; make one: deno task/,
  ],
  [
    ["verify", "--trusted", "", "--kv", ":memory:"],
    2,
    /--trusted must have public keys, .*got none/,
  ],
  [["delete"], 2, /missing required argument/],
  [["erase"], 2, /unknown command/],
];
for (const [args, status, message] of failures) {
  Deno.test(`models ${args.join(" ")} fails with status ${status} and one line`, async () => {
    const outcome = await models(args);
    assert.match(outcome.stderr, message);
    assert.deepEqual([outcome.status, outcome.stdout], [status, ""]);
  });
}

Deno.test("a server that does not answer is an error that says what to check", async () => {
  const env = { DENO_KV_ACCESS_TOKEN: "0123456789abcdef" };
  const { status, stderr } = await models(["list", "--kv", "http://127.0.0.1:9"], env);
  assert.equal(status, 1);
  assert.match(stderr, /^error: .*127\.0\.0\.1:9.*\n$/);
});

Deno.test("models --help and the help of its parts print usage and examples", async () => {
  for (const args of [["--help"], ["verify", "--help"]]) {
    const { status, stdout } = await models(args);
    assert.equal(status, 0);
    assert.match(stdout, /Usage: deno task models/);
    assert.match(stdout, /--kv <where>/);
    assert.match(stdout, /Examples?:\n {2}deno task models/);
  }
});
