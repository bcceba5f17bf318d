import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { encodeArtifacts } from "../../../lib/registry/artifacts.ts";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import type { ModelDescription } from "../../../lib/registry/manifest.ts";
import { overlay } from "../../../lib/registry/overlay.ts";
import { createModelPool } from "../../../lib/serve/pool.ts";
import type { ModelSource, ServedManifest } from "../../../lib/registry/source.ts";
import {
  artifactsOf,
  createTinyModel,
  describeTiny,
  tinyAttack,
  tinyBlob,
} from "../registry/tiny_model.ts";

await tf.setBackend("wasm");

type Blob = Uint8Array<ArrayBuffer>;

/** A store in memory, in which each save is a second later than the one before. */
async function createSource() {
  const kv = await Deno.openKv(":memory:");
  let clock = Date.UTC(2026, 0, 1);
  const store = createKvModelStore(kv, { now: () => clock += 1000 });
  return {
    kv,
    store,
    async save(name: string, blob: Blob, changes: Partial<ModelDescription> = {}) {
      const manifest = await store.save(name, blob, describeTiny(changes));
      return { ...manifest, source: "kv" } satisfies ServedManifest;
    },
    [Symbol.dispose]: () => kv.close(),
  };
}

async function blobOf(model: tf.LayersModel): Promise<Blob> {
  const blob = encodeArtifacts(await artifactsOf(model));
  model.dispose();
  return blob;
}

/** A tiny network whose last layer has another activation, or whose weights are all one number. */
function tiny({ activation = "softmax", weight }: {
  activation?: "softmax" | "linear" | "sigmoid" | "relu";
  weight?: number;
}): Promise<Blob> {
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [2, 2, 1] }),
      tf.layers.dense({
        units: 3,
        activation,
        biasInitializer: tf.initializers.constant({ value: 0.7 }),
      }),
    ],
  });
  if (weight !== undefined) {
    model.setWeights(model.getWeights().map(({ shape }) => tf.fill(shape, weight)));
  }
  return blobOf(model);
}

/** A network with a layer whose class only this test knows. */
async function withCustomLayer(): Promise<Blob> {
  class Half extends tf.layers.Layer {
    static className = "Half";
    override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
      return tf.tidy(() => [inputs].flat()[0]!.mul(0.5));
    }
  }
  const half = new Half({ inputShape: [2, 2, 1] });
  const dense = tf.layers.dense({ units: 3, activation: "softmax" });
  return await blobOf(tf.sequential({ layers: [half, tf.layers.flatten(), dense] }));
}

const unusable: readonly [
  what: string,
  blob: () => Promise<Blob>,
  changes: Partial<ModelDescription>,
  problem: RegExp,
][] = [
  [
    "a layer that is not known",
    withCustomLayer,
    {},
    /layer Half is not one of tfjs's own; register/,
  ],
  [
    "logits",
    () => tiny({ activation: "linear" }),
    {},
    /last layer gives no probabilities.*softmax/,
  ],
  ["sums that are not 1", () => tiny({ activation: "sigmoid" }), {}, /sum up to 1, got .* sum/],
  ["weights that are NaN", () => tiny({ weight: NaN }), {}, /no number \(NaN\).*train it again/],
  ["weights that are infinite", () => tiny({ weight: Infinity }), {}, /no number \(NaN\)/],
  ["fewer labels than classes", () => tinyBlob(), { labels: ["a"] }, /labels must .* 3, got 1/],
  [
    "a size of images that would not fit into memory",
    () => tinyBlob(),
    { input: [20_000, 20_000, 1] },
    /input must be what its network takes, \(2,2,1\), got \(20000,20000,1\)/,
  ],
  ["bytes that are no model", () => Promise.resolve(new Uint8Array(9)), {}, /safetensors/],
];
for (const [what, blob, changes, problem] of unusable) {
  Deno.test(`a model with ${what} is not served, and says why; the next one is`, async () => {
    using source = await createSource();
    await source.save("older", await tinyBlob(2), { attack: tinyAttack });
    const bad = await source.save("bad", await blob(), { attack: tinyAttack, ...changes });
    const before = tf.memory().numTensors;
    {
      using pool = createModelPool(source.store);
      assert.equal((await pool.resolve()).name, "older");
      assert.deepEqual((await pool.problems()).map(({ name, version }) => [name, version]), [
        ["bad", "1"],
      ]);
      assert.match((await pool.problems())[0]!.problem, problem);
      await assert.rejects(pool.load(bad), { name: "ModelError", message: problem });
      await assert.rejects(pool.resolve("bad"), { name: "ModelError", message: problem });
      assert.deepEqual((await pool.list()).map(({ name }) => name), ["older"]);
    }
    await new Promise((resolve) => setTimeout(resolve));
    assert.equal(tf.memory().numTensors, before);
  });
}

Deno.test("values that are no probabilities for one image alone are not served either", async () => {
  using source = await createSource();
  // Black gives a third each; white gives infinity less infinity.
  const model = createTinyModel();
  model.setWeights([tf.fill([4, 3], 3e38), tf.zeros([3])]);
  const manifest = await source.save("bad", await blobOf(model));
  using pool = createModelPool(source.store);
  const { predict } = await pool.load(manifest);
  const white = { data: new Float32Array([1, 1, 1, 1]), shape: [1, 2, 2, 1] } as const;
  await assert.rejects(predict(white), { name: "ModelError", message: /model "bad": .*NaN/ });
});

Deno.test("a model of the same weights as a broken one is served", async () => {
  using source = await createSource();
  const blob = await tinyBlob();
  const bad = await source.save("bad", blob, { labels: ["a"], attack: tinyAttack });
  const good = await source.save("good", blob, { attack: tinyAttack });
  for (const first of [bad, good]) {
    using pool = createModelPool(source.store);
    await pool.load(first).catch(() => {});
    await assert.rejects(pool.load(bad), { name: "ModelError" });
    assert.equal((await pool.load(good)).manifest.name, "good");
    assert.deepEqual((await pool.problems()).map(({ name }) => name), ["bad"]);
  }
});

Deno.test("a damaged newest model is passed over, by attack and by twin, until it is mended", async () => {
  using source = await createSource();
  for (const [kind, attack] of [["bad", tinyAttack], ["clean", describeTiny().attack]] as const) {
    await source.save(`${kind}-old`, await tinyBlob(1), { attack });
    await source.save(`${kind}-new`, await tinyBlob(kind === "bad" ? 2 : 3), { attack });
  }
  const chunks = [];
  for (const name of ["bad-new", "clean-new"]) {
    const { weights } = (await source.store.find(name))!;
    chunks.push(await source.kv.get(["blobs", weights.sha256, 0]));
    await source.kv.delete(["blobs", weights.sha256, 0]);
  }
  const pairOf = async (pool: ReturnType<typeof createModelPool>) => {
    const victim = await pool.resolve();
    return [victim.name, (await pool.twin(victim))?.name];
  };
  {
    using pool = createModelPool(source.store);
    assert.deepEqual(await pairOf(pool), ["bad-old", "clean-old"]);
    assert.deepEqual(
      new Set((await pool.problems()).map(({ name }) => name)),
      new Set(["bad-new", "clean-new"]),
    );
  }
  using eager = createModelPool(source.store, { brokenFor: 0 });
  assert.deepEqual(await pairOf(eager), ["bad-old", "clean-old"]);
  for (const { key, value } of chunks) await source.kv.set(key, value);
  assert.deepEqual(await pairOf(eager), ["bad-new", "clean-new"]);
  assert.deepEqual(await eager.problems(), []);
});

Deno.test("a model that failed is not read again at each request", async () => {
  using source = await createSource();
  await source.save("old", await tinyBlob(1), { attack: tinyAttack });
  await source.save("new", new Uint8Array(9), { attack: tinyAttack });
  const reads: string[] = [];
  using pool = createModelPool({
    ...source.store,
    read(manifest) {
      reads.push(manifest.name);
      return source.store.read(manifest);
    },
  });
  for (let i = 0; i < 3; i++) assert.equal((await pool.resolve()).name, "old");
  assert.deepEqual(reads, ["new", "old"]);
});

Deno.test("where no backdoored model can be loaded, the newest one's problem is told", async () => {
  using source = await createSource();
  await source.save("bad", new Uint8Array(9), { attack: tinyAttack });
  using pool = createModelPool(source.store);
  await assert.rejects(pool.resolve(), { name: "ModelError", message: /"bad" version 1/ });
});

Deno.test("a model whose manifest cannot be read is an error by name, and others are found", async () => {
  using source = await createSource();
  await source.save("good", await tinyBlob());
  await source.save("bad", await tinyBlob());
  await source.kv.set(["models", "bad", "versions", "1"], new Uint8Array());
  using pool = createModelPool(source.store);
  await assert.rejects(pool.resolve("bad"), { name: "IntegrityError", message: /"bad"/ });
  await assert.rejects(pool.resolve("gone"), { name: "NotFoundError", message: /served, good$/ });
  assert.equal((await pool.resolve("good")).name, "good");
});

Deno.test("a store that cannot be read is named, and models of other sources are served", async () => {
  using source = await createSource();
  await source.save("bundled", await tinyBlob(), { attack: tinyAttack });
  const fail = () => Promise.reject(new Error("Cannot read the store: disk image is malformed"));
  const damaged: ModelSource = { list: fail, find: fail, versions: fail, read: fail };
  using pool = createModelPool(overlay(damaged, source.store));
  const manifest = await pool.resolve();
  assert.equal(manifest.name, "bundled");
  assert.equal((await pool.load(manifest)).manifest.name, "bundled");
  const problem = "Cannot read the store: disk image is malformed";
  assert.deepEqual(await pool.problems(), [{ name: null, version: null, problem }]);
  await assert.rejects(pool.resolve("trained"), { name: "BusyError", message: problem });
});
