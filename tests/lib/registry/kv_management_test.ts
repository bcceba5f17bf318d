import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { describeModel } from "../../../lib/registry/describe_model.ts";
import { registerKvScheme } from "../../../lib/registry/kv_scheme.ts";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import type { ModelStore } from "../../../lib/registry/store.ts";
import { createTinyModel, describeTiny, tinyAttack } from "./tiny_model.ts";

await tf.setBackend("wasm");

/** What was saved to `kept://…`, another place that only knows how to save. */
const kept: string[] = [];
tf.io.registerSaveRouter((url) => {
  const handler = {
    save(artifacts: tf.io.ModelArtifacts) {
      kept.push(String(url));
      return Promise.resolve({ modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) });
    },
  };
  return String(url).startsWith("kept://") ? handler : null as unknown as tf.io.IOHandler;
});

/** Runs a test with an in-memory store behind `kv://` that has these models. */
async function withModels(
  models: Readonly<Record<string, readonly number[]>>,
  test: (store: ModelStore) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const store = createKvModelStore(kv, { now: () => Date.UTC(2026, 0, 2) });
  const unregister = registerKvScheme(store);
  try {
    for (const [name, seeds] of Object.entries(models)) {
      for (const seed of seeds) {
        const model = createTinyModel(seed);
        describeModel(model, describeTiny({ attack: { ...tinyAttack, poisoned: seed } }));
        await model.save(`kv://${name}`);
      }
    }
    await test(store);
  } finally {
    unregister();
  }
}

const poisonedOf = async (store: ModelStore, name: string) =>
  (await store.versions(name)).map(({ attack }) => attack?.poisoned);

Deno.test("tf.io.listModels has the served models by their addresses", () =>
  withModels({ a: [1, 2], b: [3] }, async (store) => {
    const models = await tf.io.listModels();
    assert.deepEqual(Object.keys(models).sort(), ["kv://a", "kv://b"]);
    const { dateSaved, modelTopologyType, weightDataBytes } = models["kv://a"]!;
    assert.deepEqual(dateSaved, new Date("2026-01-02T00:00:00Z"));
    assert.equal(modelTopologyType, "JSON");
    assert.equal(weightDataBytes, (await store.find("a"))?.weights.bytes);
  }));

Deno.test("tf.io.removeModel removes a model or a version, and says what it was", () =>
  withModels({ a: [1, 2] }, async (store) => {
    const info = await tf.io.removeModel("kv://a@2");
    assert.ok(info.weightDataBytes! > 0);
    assert.equal((await store.find("a"))?.version, "1");
    await tf.io.removeModel("kv://a");
    assert.deepEqual(await store.list(), []);
    await assert.rejects(tf.io.removeModel("kv://a"), {
      name: "NotFoundError",
      message: /kv:\/\/a/,
    });
  }));

Deno.test("tf.io.copyModel copies a model with all that is known of it", () =>
  withModels({ a: [1, 2] }, async (store) => {
    await tf.io.copyModel("kv://a", "kv://b");
    assert.deepEqual([await poisonedOf(store, "a"), await poisonedOf(store, "b")], [[2, 1], [2]]);
  }));

Deno.test("tf.io.moveModel moves all versions of a model, or one of them", () =>
  withModels({ a: [1, 2, 3] }, async (store) => {
    await tf.io.moveModel("kv://a", "kv://b");
    assert.deepEqual([await poisonedOf(store, "a"), await poisonedOf(store, "b")], [[], [3, 2, 1]]);
    await tf.io.moveModel("kv://b@2", "kv://c");
    assert.deepEqual([await poisonedOf(store, "b"), await poisonedOf(store, "c")], [[3, 1], [2]]);
    assert.ok((await store.verify()).every(({ problem }) => problem === null));
  }));

Deno.test("a model is moved elsewhere only if nothing of it is lost", () =>
  withModels({ one: [1], two: [1, 2] }, async (store) => {
    kept.length = 0;
    await tf.io.moveModel("kv://one", "kept://one");
    await assert.rejects(tf.io.moveModel("kv://two", "kept://two"), /only one of its 2 versions/);
    await tf.io.moveModel("kv://two@1", "kept://two");
    assert.deepEqual(kept, ["kept://one", "kept://two"]);
    assert.deepEqual(await poisonedOf(store, "two"), [2]);
    assert.equal(await store.find("one"), null);
  }));

Deno.test("a move that cannot be saved removes nothing", () =>
  withModels({ a: [1] }, async (store) => {
    for (const target of ["kv://Bad Name", "kv://a", "nowhere://a"]) {
      await assert.rejects(tf.io.moveModel("kv://a", target), Error);
      assert.deepEqual(await poisonedOf(store, "a"), [1]);
    }
    await assert.rejects(tf.io.moveModel("kv://gone", "kv://b"), { name: "NotFoundError" });
  }));

Deno.test("without a store, and for other places, tfjs's own functions answer", async () => {
  assert.deepEqual(await tf.io.listModels(), {});
  await assert.rejects(tf.io.removeModel("kv://a"), /Cannot find model manager for scheme 'kv'/);
  await withModels({}, async () => {
    await assert.rejects(tf.io.removeModel("x://a"), /Cannot find model manager for scheme 'x'/);
    await assert.rejects(tf.io.moveModel("x://a", "kv://a"), /no load handler is found/);
  });
});
