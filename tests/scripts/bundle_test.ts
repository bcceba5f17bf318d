import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { createFixtureSource } from "../../lib/registry/fixture_source.ts";
import { createKvModelStore } from "../../lib/registry/kv_store.ts";
import { decodeSafetensors } from "../../lib/registry/safetensors.ts";
import { runCommand, withFolder } from "./run_command.ts";

const train = ["--model", "badnets", "--limit", "600", "--epochs", "1", "--name", "small"];

Deno.test("bundle writes a model at half its size, with the figures of what it wrote", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const trained = await runCommand("train", [...train, "--kv", path]);
    assert.equal(trained.status, 0, trained.stderr);
    const out = `${folder}/models`;
    const args = ["small", "--out", out, "--kv", path, "--json"];
    const { status, stdout, stderr } = await runCommand("bundle", args);
    assert.deepEqual([status, stderr], [0, ""]);
    const { models: [{ name, bytes, trained: before, bundled }] } = JSON.parse(stdout);
    using kv = await Deno.openKv(path);
    const stored = await createKvModelStore(kv).find("small");
    const source = createFixtureSource(pathToFileURL(out));
    const written = await source.find("small");
    assert.ok(stored !== null && written !== null);
    assert.deepEqual([name, before, bundled], ["small", stored.metrics, written.metrics]);
    assert.ok(Math.abs(before.cleanAccuracy - bundled.cleanAccuracy) < 0.01);
    assert.deepEqual(
      { ...written, metrics: null, weights: null, source: null },
      { ...stored, metrics: null, weights: null, source: null },
    );
    const blob = await source.read(written);
    assert.equal(blob.length, bytes);
    assert.ok(bytes < 0.51 * stored.weights.bytes, `got ${bytes} of ${stored.weights.bytes}`);
    for (const { dtype } of decodeSafetensors(blob).tensors.values()) assert.equal(dtype, "F16");
  }));

Deno.test("bundle of a model that is not there ends with one line and writes nothing", () =>
  withFolder(async (folder) => {
    const args = ["gone", "--out", `${folder}/models`, "--kv", ":memory:"];
    const { status, stdout, stderr } = await runCommand("bundle", args);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^error: Cannot bundle model "gone": the store must hold .*\n$/);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));
