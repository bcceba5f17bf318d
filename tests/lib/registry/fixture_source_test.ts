import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { sha256 } from "../../../lib/core/digest.ts";
import { createFixtureSource, writeFixture } from "../../../lib/registry/fixture_source.ts";
import type { ModelProblem, ServedManifest } from "../../../lib/registry/source.ts";
import { patternedBlob } from "./kv_faults.ts";
import { describeTiny } from "./tiny_model.ts";

const blob = patternedBlob(100_000);

async function manifestOf(name: string, day = 1): Promise<ServedManifest> {
  return {
    format: 1,
    name,
    version: "3",
    ...describeTiny(),
    weights: { sha256: await sha256(blob), bytes: blob.length, chunks: 2 },
    createdAt: `2026-01-0${day}T00:00:00.000Z`,
    source: "kv",
  };
}

/** Runs a test in a folder of its own, named without a slash at its end. */
async function withFolder(test: (folder: URL) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    await test(pathToFileURL(path));
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("what is written as a fixture is listed, found and read, newest first", () =>
  withFolder(async (folder) => {
    const [old, young] = [await manifestOf("old", 1), await manifestOf("young", 2)];
    const models = new URL(`${folder}/models`);
    await writeFixture(models, old, blob);
    await writeFixture(models, young, blob);
    const source = createFixtureSource(new URL(`${models}/`));
    assert.deepEqual(await source.list(), [
      { ...young, source: "fixture" },
      { ...old, source: "fixture" },
    ]);
    assert.deepEqual(await source.find("old"), { ...old, source: "fixture" });
    assert.deepEqual(await source.find("old", "3"), { ...old, source: "fixture" });
    assert.deepEqual((await source.versions("old")).map(({ version }) => version), ["3"]);
    assert.deepEqual(await source.read(old), blob);
    const text = await Deno.readTextFile(new URL(`${models}/old/manifest.json`));
    assert.ok(!text.includes('"source": "kv"'));
  }));

Deno.test("no folder has no models, and other folders in it are passed over", () =>
  withFolder(async (folder) => {
    assert.deepEqual(await createFixtureSource(new URL(`${folder}/none`)).list(), []);
    await Deno.mkdir(new URL(`${folder}/samples`));
    await Deno.writeTextFile(new URL(`${folder}/README.md`), "text");
    assert.deepEqual(await createFixtureSource(folder).list(), []);
  }));

Deno.test("another version, another name, or a path is not found", () =>
  withFolder(async (folder) => {
    await writeFixture(new URL(`${folder}/inner`), await manifestOf("model"), blob);
    const source = createFixtureSource(new URL(`${folder}/inner`));
    assert.equal(await source.find("model", "1"), null);
    assert.equal(await source.find("other"), null);
    assert.deepEqual(await source.versions("other"), []);
    assert.equal(await source.find("../inner/model"), null);
  }));

Deno.test("lost or altered weights are an error that names the model and the digest", () =>
  withFolder(async (folder) => {
    const manifest = await manifestOf("model");
    await writeFixture(folder, manifest, blob);
    const source = createFixtureSource(folder);
    const message = new RegExp(`model "model".*${manifest.weights.sha256}`);
    const weights = new URL(`${folder}/model/weights.safetensors`);
    await Deno.writeFile(weights, blob.with(5, blob[5]! ^ 1));
    await assert.rejects(source.read(manifest), { name: "IntegrityError", message });
    await Deno.remove(weights);
    await assert.rejects(source.read(manifest), { name: "IntegrityError", message });
  }));

Deno.test("a manifest that is none, or another model's, is an error, and a list leaves it out", () =>
  withFolder(async (folder) => {
    for (const name of ["model", "broken", "good"]) {
      await writeFixture(folder, await manifestOf(name), blob);
    }
    const source = createFixtureSource(folder);
    await Deno.rename(new URL(`${folder}/model`), new URL(`${folder}/renamed`));
    await Deno.writeTextFile(new URL(`${folder}/broken/manifest.json`), "{");
    await assert.rejects(source.find("renamed"), /name must be "renamed".*got "model"/);
    await assert.rejects(source.find("broken"), { name: "IntegrityError" });
    const problems: ModelProblem[] = [];
    const models = await source.list((each) => problems.push(each));
    assert.deepEqual(models.map(({ name }) => name), ["good"]);
    problems.sort((a, b) => a.name! < b.name! ? -1 : 1);
    assert.deepEqual(problems.map(({ name }) => name), ["broken", "renamed"]);
    assert.match(problems[0]!.problem, /broken\/manifest\.json: it must be a model manifest/);
  }));

Deno.test("a blob that is not the manifest's, or a bad name, is not written", () =>
  withFolder(async (folder) => {
    const manifest = await manifestOf("model");
    await assert.rejects(writeFixture(folder, manifest, blob.slice(1)), { name: "IntegrityError" });
    await assert.rejects(writeFixture(folder, { ...manifest, name: "../x" }, blob), {
      name: "UsageError",
    });
    assert.deepEqual(await Array.fromAsync(Deno.readDir(folder)), []);
  }));
