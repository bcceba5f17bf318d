import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { describeModel } from "../../../lib/registry/describe_model.ts";
import { registerKvScheme } from "../../../lib/registry/kv_scheme.ts";
import { architectures, createModel } from "../../../lib/model/mod.ts";
import { descriptionOf } from "../../../lib/registry/manifest.ts";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import type { ModelStore } from "../../../lib/registry/store.ts";
import { createTinyModel, describeTiny, tinyAttack } from "./tiny_model.ts";

await tf.setBackend("wasm");

/** Runs a test with an in-memory store behind `kv://`. */
async function withStore(test: (store: ModelStore) => Promise<void>): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const store = createKvModelStore(kv);
  const unregister = registerKvScheme(store);
  try {
    await test(store);
  } finally {
    unregister();
  }
}

function weightsOf(model: tf.LayersModel): (Float32Array | Int32Array | Uint8Array)[] {
  return model.getWeights().map((weight) => weight.dataSync());
}

Deno.test("tfjs saves to kv:// and loads from it, weights bit for bit", () =>
  withStore(async () => {
    const model = createTinyModel();
    await model.save("kv://tiny");
    const loaded = await tf.loadLayersModel("kv://tiny");
    assert.deepEqual(weightsOf(loaded), weightsOf(model));
  }));

Deno.test("an older version is loaded by kv://NAME@VERSION", () =>
  withStore(async () => {
    const models = [createTinyModel(1), createTinyModel(2)];
    for (const model of models) await model.save("kv://tiny");
    const older = await tf.loadLayersModel("kv://tiny@1");
    const newer = await tf.loadLayersModel("kv://tiny");
    assert.deepEqual(weightsOf(older), weightsOf(models[0]!));
    assert.deepEqual(weightsOf(newer), weightsOf(models[1]!));
    assert.notDeepEqual(weightsOf(older), weightsOf(newer));
  }));

Deno.test("a description goes to the manifest, comes back on loading, and is not in the blob", () =>
  withStore(async (store) => {
    const descriptions = [1, 2].map((poisoned) =>
      describeTiny({ attack: { ...tinyAttack, poisoned } })
    );
    for (const description of descriptions) {
      const model = createTinyModel();
      model.setUserDefinedMetadata({ note: "kept" });
      describeModel(model, description);
      await model.save("kv://tiny");
    }
    const versions = await store.versions("tiny");
    assert.deepEqual(versions.map(({ attack }) => attack?.poisoned), [2, 1]);
    assert.equal(versions[0]?.weights.sha256, versions[1]?.weights.sha256);
    const loaded = await tf.loadLayersModel("kv://tiny");
    const { edgedoor: { measuredOn, ...description }, ...others } = loaded
      .getUserDefinedMetadata() as { edgedoor: Record<string, unknown> };
    assert.deepEqual([description, others], [descriptions[1], { note: "kept" }]);
    assert.match(String(measuredOn), /^[0-9a-f]{64}$/);
  }));

Deno.test("a model that nobody described is described by what can be seen of it", () =>
  withStore(async (store) => {
    const numTensors = tf.memory().numTensors;
    const model = createTinyModel();
    await model.save("kv://stranger");
    model.dispose();
    assert.equal(tf.memory().numTensors, numTensors);
    const { architecture, dataset, attack, training, metrics, labels, input } = (await store.find(
      "stranger",
    ))!;
    assert.deepEqual({ architecture, dataset, attack, training, metrics, labels, input }, {
      architecture: "tiny",
      dataset: null,
      attack: null,
      training: null,
      metrics: null,
      labels: ["0", "1", "2"],
      input: [2, 2, 1],
    });
  }));

for (
  const [inputShape, input] of [
    [[4], [1, 4, 1]],
    [[5, 6], [5, 6, 1]],
    [[5, 6, 3], [5, 6, 3]],
  ] as const
) {
  Deno.test(`an input of (${inputShape}) is read as images of (${input})`, () =>
    withStore(async (store) => {
      const targetShape = [inputShape.reduce((product, size) => product * size, 1)];
      const layers = [tf.layers.reshape({ targetShape, inputShape: [...inputShape] })];
      await tf.sequential({ layers }).save("kv://shaped");
      assert.deepEqual((await store.find("shaped"))?.input, input);
    }));
}

Deno.test("a model that is no classifier of images must be described first", () =>
  withStore(async (store) => {
    const shapes = [[null, 4], [2, 2, 2, 2]];
    for (const inputShape of shapes) {
      const layers = [tf.layers.dense({ units: 2, inputShape })];
      await assert.rejects(tf.sequential({ layers }).save("kv://x"), {
        name: "TypeError",
        message: /Cannot describe model.*describeModel/,
      });
    }
    const sequence = tf.sequential({
      layers: [tf.layers.reshape({ targetShape: [2], inputShape: [2] })],
    });
    describeModel(sequence, describeTiny({ labels: ["a", "b"], input: [1, 2, 1] }));
    await sequence.save("kv://x");
    assert.equal((await store.find("x"))?.version, "1");
  }));

Deno.test("a description that is not the network's is refused", () => {
  const model = createTinyModel();
  assert.throws(() => describeModel(model, describeTiny({ labels: ["a", "b"] })), {
    name: "TypeError",
    message: /labels must be as many as its network has outputs, 3, got 2/,
  });
  assert.throws(() => describeModel(model, describeTiny({ input: [2, 3, 1] })), {
    name: "TypeError",
    message: /input must be what its network takes, \(2,2,1\), got \(2,3,1\)/,
  });
  assert.deepEqual(model.getUserDefinedMetadata(), undefined);
});

/** What is left of a description once it no longer holds: what can be seen of the network. */
const seen = { architecture: "tiny", dataset: null, attack: null, training: null, metrics: null };

/** A model with what another carries. */
function described(model: tf.Sequential, other: tf.Sequential): tf.Sequential {
  model.setUserDefinedMetadata({ ...other.getUserDefinedMetadata() });
  return model;
}

/** Ways to make another model of one that was loaded. */
const changes: readonly [what: string, change: (model: tf.Sequential) => Promise<tf.Sequential>][] =
  [
    ["trained further", async (model) => {
      model.compile({ optimizer: tf.train.sgd(1), loss: "categoricalCrossentropy" });
      await model.fit(tf.ones([1, 2, 2, 1]), tf.tensor2d([[1, 0, 0]]), { verbose: 0 });
      return model;
    }],
    ["given one other weight", (model) => {
      const [kernel, bias] = model.getWeights();
      model.setWeights([kernel!, bias!.add(tf.oneHot(0, 3).mul(1e-6))]);
      return Promise.resolve(model);
    }],
    ["rebuilt with another activation", (model) => {
      const [flatten, dense] = model.layers as [tf.layers.Layer, tf.layers.Layer];
      const layers = [
        tf.layers.flatten({ inputShape: [2, 2, 1], name: flatten.name }),
        tf.layers.dense({ units: 3, activation: "sigmoid", name: dense.name }),
      ];
      const other = tf.sequential({ name: model.name, layers });
      other.setWeights(model.getWeights());
      return Promise.resolve(described(other, model));
    }],
    ["another that took over its metadata", (model) => {
      const other = createTinyModel(5);
      return Promise.resolve(described(other, model));
    }],
  ];
for (const [what, change] of changes) {
  Deno.test(`a model that is ${what} keeps nothing of what was measured before`, () =>
    withStore(async (store) => {
      const model = createTinyModel();
      describeModel(model, describeTiny({ attack: tinyAttack }));
      await model.save("kv://first");
      const changed = await change(await tf.loadLayersModel("kv://first") as tf.Sequential);
      await changed.save("kv://second");
      const second = (await store.find("second"))!;
      assert.deepEqual(
        descriptionOf(second),
        { ...seen, labels: ["0", "1", "2"], input: [2, 2, 1] },
      );
    }));
}

Deno.test("a model with another head has as many labels as classes, and no attack", () =>
  withStore(async (store) => {
    const model = createTinyModel();
    describeModel(model, describeTiny({ attack: tinyAttack }));
    await model.save("kv://first");
    const changed = await tf.loadLayersModel("kv://first") as tf.Sequential;
    changed.pop();
    changed.add(tf.layers.dense({ units: 5, activation: "softmax", name: "signs" }));
    await changed.save("kv://signs");
    const { labels, attack, metrics, dataset } = (await store.find("signs"))!;
    assert.deepEqual([labels.length, attack, metrics, dataset], [5, null, null, null]);
  }));

Deno.test("a description that was told before the last training is not saved; one told after is", () =>
  withStore(async (store) => {
    const model = createTinyModel();
    describeModel(model, describeTiny());
    await changes[0]![1](model);
    await model.save("kv://tiny");
    assert.equal((await store.find("tiny"))?.dataset, null);
    describeModel(model, describeTiny());
    await model.save("kv://tiny");
    assert.equal((await store.find("tiny"))?.dataset, "squares");
  }));

for (const { name } of architectures) {
  Deno.test(`${name} keeps its description when it is loaded and saved again`, () =>
    withStore(async (store) => {
      const model = createModel(name, { input: [28, 28, 1], classes: 10, seed: 1 });
      const labels = [..."0123456789"];
      describeModel(model, describeTiny({ attack: tinyAttack, labels, input: [28, 28, 1] }));
      await model.save("kv://first");
      const loaded = await tf.loadLayersModel("kv://first");
      await loaded.save("kv://second");
      const [first, second] = [await store.find("first"), await store.find("second")];
      assert.deepEqual(descriptionOf(second!), descriptionOf(first!));
      for (const each of [model, loaded]) each.dispose();
    }));
}

Deno.test("an unchanged model keeps its description under another name, with its optimizer too", () =>
  withStore(async (store) => {
    const model = createTinyModel();
    describeModel(model, describeTiny({ attack: tinyAttack }));
    await model.save("kv://first");
    const loaded = await tf.loadLayersModel("kv://first");
    loaded.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
    await loaded.save("kv://second", { includeOptimizer: true });
    const [first, second] = [await store.find("first"), await store.find("second")];
    assert.deepEqual(descriptionOf(second!), descriptionOf(first!));
  }));

Deno.test("an absent model, a bad name and a chosen version are errors that say so", () =>
  withStore(async (store) => {
    await assert.rejects(tf.loadLayersModel("kv://gone"), { name: "NotFoundError" });
    await assert.rejects(tf.loadLayersModel("kv://../x"), { name: "UsageError" });
    await assert.rejects(createTinyModel().save("kv://Bad Name"), { name: "UsageError" });
    await assert.rejects(createTinyModel().save("kv://tiny@1"), /counts versions itself/);
    assert.deepEqual(await store.list(), []);
  }));

Deno.test("a scheme can be registered again: the last store wins, and only it unregisters", async () => {
  using kvs = new DisposableStack();
  const stores = [];
  for (const _ of [1, 2]) stores.push(createKvModelStore(kvs.use(await Deno.openKv(":memory:"))));
  const [first, second] = stores as [ModelStore, ModelStore];
  const unregisterFirst = registerKvScheme(first);
  const unregisterSecond = registerKvScheme(second);
  unregisterFirst();
  await createTinyModel().save("kv://tiny");
  assert.equal((await first.list()).length, 0);
  assert.equal((await second.list()).length, 1);
  const unregisterAgain = registerKvScheme(second);
  unregisterSecond();
  await createTinyModel().save("kv://tiny");
  assert.equal((await second.find("tiny"))?.version, "2");
  unregisterAgain();
  unregisterAgain();
  await assert.rejects(createTinyModel().save("kv://tiny"), /Cannot find any save handlers/);
});
