import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type { ImageBatch } from "../../../lib/core/types.ts";
import { encodeArtifacts } from "../../../lib/registry/artifacts.ts";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import type { ModelDescription } from "../../../lib/registry/manifest.ts";
import { createModelPool } from "../../../lib/serve/pool.ts";
import type { ModelSource, ServedManifest } from "../../../lib/registry/source.ts";
import {
  artifactsOf,
  createTinyModel,
  describeTiny,
  describeTraining,
  tinyAttack,
  tinyBlob,
} from "../registry/tiny_model.ts";

await tf.setBackend("wasm");

/** A store in memory that counts how often a blob is read, and whose reads a test can hold. */
async function createSource() {
  const kv = await Deno.openKv(":memory:");
  let clock = Date.UTC(2026, 0, 1);
  const store = createKvModelStore(kv, { now: () => clock += 1000 });
  const reads: string[] = [];
  const source: ModelSource = {
    ...store,
    read(manifest) {
      reads.push(`${manifest.name}@${manifest.version}`);
      return store.read(manifest);
    },
  };
  return {
    source,
    store,
    kv,
    reads,
    async save(name: string, seed: number, changes: Partial<ModelDescription> = {}) {
      const manifest = await store.save(name, await tinyBlob(seed), describeTiny(changes));
      return { ...manifest, source: "kv" } satisfies ServedManifest;
    },
    [Symbol.dispose]: () => kv.close(),
  };
}

function images(count: number): ImageBatch {
  const data = Float32Array.from({ length: count * 4 }, (_, i) => (i * 7 % 11) / 10);
  return { data, shape: [count, 2, 2, 1] };
}

function expected(seed: number, { data, shape }: ImageBatch): Float32Array {
  const model = createTinyModel(seed);
  const answer = tf.tidy(() =>
    (model.predict(tf.tensor(data, [...shape])) as tf.Tensor).dataSync<"float32">()
  );
  model.dispose();
  return answer;
}

/** A model that the engine has no kernels for. */
function createForeignModel(seed: number): tf.Sequential {
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [2, 2, 1] }),
      tf.layers.dense({
        units: 2,
        activation: "tanh",
        kernelInitializer: tf.initializers.randomNormal({ seed }),
      }),
      tf.layers.dense({ units: 3, activation: "softmax" }),
    ],
  });
}

Deno.test("a loaded model predicts what the saved one would, in chunks of any size", async () => {
  using source = await createSource();
  const manifest = await source.save("tiny", 1);
  const batch = images(7);
  for (const batchSize of [1, 3, 7, 32]) {
    using pool = createModelPool(source.source, { batchSize });
    const { predict } = await pool.load(manifest);
    const probabilities = await predict(batch);
    assert.equal(probabilities.length, 7 * 3);
    for (const [i, value] of expected(1, batch).entries()) {
      assert.ok(Math.abs(value - probabilities[i]!) < 1e-6);
    }
    assert.equal((await predict(images(0))).length, 0);
  }
});

Deno.test("a model that takes rows instead of images is given its images as rows", async () => {
  using source = await createSource();
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 3, activation: "softmax", inputShape: [4], useBias: false }),
    ],
  });
  model.setWeights([tf.tensor2d([[0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 0, 0]])]);
  const blob = encodeArtifacts(await artifactsOf(model));
  model.dispose();
  const saved = await source.store.save("rows", blob, describeTiny({ input: [1, 4, 1] }));
  using pool = createModelPool(source.source);
  const { predict } = await pool.load({ ...saved, source: "kv" });
  const data = new Float32Array([9, 0, 0, 0, 0, 9, 0, 5]);
  const answers = await predict({ data, shape: [2, 1, 4, 1] });
  assert.ok(answers[2]! > 0.99 && answers[4]! > 0.99, `got ${answers}`);
});

Deno.test("a batch of another shape is refused", async () => {
  using source = await createSource();
  using pool = createModelPool(source.source);
  const { predict } = await pool.load(await source.save("tiny", 1));
  const data = new Float32Array(4);
  await assert.rejects(predict({ data, shape: [1, 4, 1, 1] }), {
    name: "RangeError",
    message: /model "tiny": images must be \(N, 2, 2, 1\), got \(1, 4, 1, 1\)/,
  });
  await assert.rejects(predict({ data, shape: [2, 2, 2, 1] }), /with 4 values/);
});

Deno.test("a model is loaded when first needed, once, also by many at once", async () => {
  using source = await createSource();
  const manifest = await source.save("tiny", 1);
  using pool = createModelPool(source.source);
  await pool.list();
  assert.deepEqual(source.reads, []);
  const loaded = await Promise.all([pool.load(manifest), pool.load(manifest), pool.load(manifest)]);
  await Promise.all(loaded.map(({ predict }) => predict(images(2))));
  assert.deepEqual(source.reads, ["tiny@1"]);
});

Deno.test("two models of the same weights are loaded once", async () => {
  using source = await createSource();
  const manifests = [await source.save("one", 1), await source.save("two", 1)];
  using pool = createModelPool(source.source);
  const loaded = await Promise.all(manifests.map((manifest) => pool.load(manifest)));
  assert.deepEqual(loaded.map(({ manifest }) => manifest.name), ["one", "two"]);
  assert.deepEqual(source.reads, ["one@1"]);
});

Deno.test("the least recently used model makes room, and comes back when it is needed", async () => {
  using source = await createSource();
  const manifests = [];
  for (const seed of [1, 2, 3]) manifests.push(await source.save(`m${seed}`, seed));
  const [one, two, three] = manifests as [ServedManifest, ServedManifest, ServedManifest];
  using pool = createModelPool(source.source, { maxLoaded: 2 });
  const first = await pool.load(one);
  await pool.load(two);
  await first.predict(images(1));
  await pool.load(three);
  assert.deepEqual(source.reads, ["m1@1", "m2@1", "m3@1"]);
  await first.predict(images(1));
  assert.equal(source.reads.length, 3);
  await pool.load(two);
  assert.deepEqual(source.reads.slice(3), ["m2@1"]);
  await pool.load(three);
  assert.deepEqual(source.reads.slice(4), ["m3@1"]);
  const answer = await first.predict(images(1));
  assert.deepEqual(source.reads.slice(5), ["m1@1"]);
  assert.ok(Math.abs(answer[0]! - expected(1, images(1))[0]!) < 1e-6);
});

Deno.test("a model that predicts is not disposed of, however full the pool", async () => {
  using source = await createSource();
  const manifests = [await source.save("one", 1), await source.save("two", 2)];
  using pool = createModelPool(source.source, { maxLoaded: 1, batchSize: 1 });
  const batch = images(20);
  const answers = await Promise.all(manifests.map(async (manifest) => {
    const { predict } = await pool.load(manifest);
    return await predict(batch);
  }));
  for (const [i, answer] of answers.entries()) {
    const wanted = expected(i + 1, batch);
    assert.ok(answer.every((value, place) => Math.abs(value - wanted[place]!) < 1e-6));
  }
});

Deno.test("no tensor of a model that tfjs runs outlives its use: not predicting, not making room, not the pool's end", async () => {
  using source = await createSource();
  const manifests = [];
  for (const seed of [1, 2, 3]) {
    const model = createForeignModel(seed);
    const blob = encodeArtifacts(await artifactsOf(model));
    model.dispose();
    const manifest = await source.store.save(`m${seed}`, blob, describeTiny());
    manifests.push({ ...manifest, source: "kv" } as const);
  }
  const before = tf.memory().numTensors;
  {
    using pool = createModelPool(source.source, { maxLoaded: 2, batchSize: 2 });
    for (const manifest of [...manifests, ...manifests]) {
      const { predict } = await pool.load(manifest);
      await predict(images(5));
    }
    // Two models of four weights.
    assert.equal(tf.memory().numTensors, before + 8);
    await Promise.all(manifests.map(async (each) => (await pool.load(each)).predict(images(9))));
    assert.equal(tf.memory().numTensors, before + 8);
  }
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("a load that fails says why, is not kept, and is tried again", async () => {
  using source = await createSource();
  const manifest = await source.save("tiny", 1);
  const key = ["blobs", manifest.weights.sha256, 0];
  const { value } = await source.kv.get(key);
  await source.kv.delete(key);
  using pool = createModelPool(source.source);
  for (const load of [pool.load(manifest), pool.load(manifest)]) {
    await assert.rejects(load, { name: "IntegrityError", message: /"tiny".*lacks chunk 0/ });
  }
  await source.kv.set(key, value);
  assert.equal((await (await pool.load(manifest)).predict(images(1))).length, 3);
});

Deno.test("the model without a name is the newest backdoored one", async () => {
  using source = await createSource();
  using pool = createModelPool(source.source, { freshFor: 0 });
  await assert.rejects(pool.resolve(), {
    name: "NotFoundError",
    message: /a backdoored model: it must be one of those served, none/,
  });
  await source.save("old", 1, { attack: tinyAttack });
  await source.save("new", 2, { attack: tinyAttack });
  await source.save("clean", 3);
  assert.equal((await pool.resolve()).name, "new");
  assert.equal((await pool.resolve("clean")).name, "clean");
  await assert.rejects(pool.resolve("none"), {
    name: "NotFoundError",
    message: /model "none": it must be one of those served, clean, new, old/,
  });
});

Deno.test("a newly saved version is served within the time that a list is fresh", async () => {
  using source = await createSource();
  using pool = createModelPool(source.source, { freshFor: 50 });
  await source.save("tiny", 1);
  assert.equal((await pool.resolve("tiny")).version, "1");
  await source.save("tiny", 2);
  await new Promise((resolve) => setTimeout(resolve, 60));
  const manifest = await pool.resolve("tiny");
  assert.equal(manifest.version, "2");
  const answer = await (await pool.load(manifest)).predict(images(1));
  assert.ok(Math.abs(answer[0]! - expected(2, images(1))[0]!) < 1e-6);
});

Deno.test("a list is asked for once while it is fresh, and a failure is not remembered", async () => {
  using source = await createSource();
  let lists = 0;
  const failing: ModelSource = {
    ...source.source,
    list() {
      lists++;
      return lists === 1 ? Promise.reject(new Error("offline")) : source.store.list();
    },
  };
  using pool = createModelPool(failing, { freshFor: 60_000 });
  await assert.rejects(pool.list(), /offline/);
  await Promise.all([pool.list(), pool.list(), pool.resolve().catch(() => {})]);
  assert.equal(lists, 2);
});

Deno.test("the twin is a clean model that was trained alike: of the same seed, else the newest", async () => {
  using source = await createSource();
  using pool = createModelPool(source.source, { freshFor: 0 });
  const trained = (seed: number) => ({ training: describeTraining({ seed }) });
  const poisoned = await source.save("bad", 1, { attack: tinyAttack, ...trained(1) });
  await source.save("stranger", 2, { attack: null, ...trained(1) });
  await source.save("undescribed", 2);
  assert.equal(await pool.twin(poisoned), null);
  for (const [name, seed] of [["same-seed", 1], ["other-seed", 2], ["newest", 3]] as const) {
    await source.save(name, 2, trained(seed));
  }
  assert.equal((await pool.twin(poisoned))?.name, "same-seed");
  await source.store.remove("same-seed");
  assert.equal((await pool.twin(poisoned))?.name, "newest");
  assert.equal((await pool.twin({ ...poisoned, training: null }))?.name, "undescribed");
});

Deno.test("an older version is found, loaded and classified with by its name", async () => {
  using source = await createSource();
  using pool = createModelPool(source.source, { freshFor: 0 });
  for (const seed of [1, 2]) await source.save("a", seed);
  assert.deepEqual(await pool.versions("a"), ["2", "1"]);
  for (const [version, seed] of [[undefined, 2], ["2", 2], ["1", 1]] as const) {
    const model = await pool.load(await pool.resolve("a", version));
    const [answer] = await model.predict(images(1));
    assert.ok(Math.abs(answer! - expected(seed, images(1))[0]!) < 1e-6, `version ${version}`);
  }
  for (const version of ["3", "0", "x", "", "__proto__"]) {
    await assert.rejects(pool.resolve("a", version), {
      name: "NotFoundError",
      message:
        `Cannot find version "${version}" of model "a": it must be one that is stored, such ` +
        'as the current one, "2"',
    });
  }
  await assert.rejects(pool.resolve("b", "1"), { name: "NotFoundError", message: /model "b"/ });
  assert.deepEqual(await pool.versions("b"), []);
});

Deno.test("a pool is ready once a model is loaded, and not by one that cannot be", async () => {
  using source = await createSource();
  using pool = createModelPool(source.source, { freshFor: 0 });
  assert.equal(pool.isReady(), false);
  const good = await source.save("good", 1);
  const bad = await source.save("bad", 2, { input: [4, 4, 1] });
  await assert.rejects(pool.load(bad));
  assert.equal(pool.isReady(), false);
  const loading = pool.load(good);
  assert.equal(pool.isReady(), false);
  await loading;
  assert.equal(pool.isReady(), true);
});
