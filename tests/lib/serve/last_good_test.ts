import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { encodeArtifacts } from "../../../lib/registry/artifacts.ts";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { decodeValue, encodeValue } from "../../../lib/registry/kv_values.ts";
import type { ModelManifest } from "../../../lib/registry/manifest.ts";
import { checkSignatures } from "../../../lib/registry/signed_source.ts";
import { createSigningKey } from "../../../lib/registry/signing_key.ts";
import { createModelPool, type ModelPool, type ModelPoolOptions } from "../../../lib/serve/pool.ts";
import { createApp } from "../../../routes/app.ts";
import { digitPng } from "../../routes/sample_image.ts";
import { artifactsOf, describeTiny, tinyAttack, tinyBlob } from "../registry/tiny_model.ts";

await tf.setBackend("wasm");

const key = await createSigningKey("Ada");
const stranger = await createSigningKey("Mallory");

/** A model of six chunks. */
async function largeBlob(seed: number): Promise<Uint8Array<ArrayBuffer>> {
  const kernelInitializer = tf.initializers.randomNormal({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [2, 2, 1] }),
      tf.layers.dense({ units: 11_000, activation: "relu", kernelInitializer }),
      tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer }),
    ],
  });
  const blob = encodeArtifacts(await artifactsOf(model));
  model.dispose();
  return blob;
}

const blobs = await Promise.all([1, 2].map(largeBlob));
const chunks = Math.ceil(blobs[1]!.length / 65_536);
assert.ok(chunks > 4);

/** Two signed versions of "model", and a pool that trusts the one who signed. */
async function createStore(options: ModelPoolOptions = {}) {
  const kv = await Deno.openKv(":memory:");
  let clock = Date.UTC(2026, 0, 1);
  const store = createKvModelStore(kv, { key, now: () => clock += 1000 });
  const saved: ModelManifest[] = [];
  for (const blob of blobs) {
    saved.push(await store.save("model", blob, describeTiny({ attack: tinyAttack })));
  }
  const reports: string[] = [];
  const pool = createModelPool(checkSignatures(store, [key.publicKey]), {
    freshFor: 0,
    report: ({ problem }, state) => reports.push(`${state}: ${problem}`),
    ...options,
  });
  return {
    ...{ kv, store, pool, reports, saved },
    [Symbol.dispose]() {
      pool[Symbol.dispose]();
      kv.close();
    },
  };
}

type Store = Awaited<ReturnType<typeof createStore>>;

const pointer = ["models", "model", "current"];
const manifestKey = (version: string) => ["models", "model", "versions", version];

async function alterManifest({ kv }: Store, changes: object, version = "2"): Promise<void> {
  const place = manifestKey(version);
  const stored = decodeValue((await kv.get(place)).value) as object;
  await kv.set(place, encodeValue({ ...stored, ...changes }));
}

/** A way to spoil the newest version, 2. */
type Fault = readonly [what: string, spoil: (store: Store) => Promise<unknown>, why: RegExp];

const faults: readonly Fault[] = [
  ...Array.from({ length: chunks }, (_, chunk) =>
    [
      `a flipped bit in chunk ${chunk}`,
      async ({ kv, saved }: Store) => {
        const place = ["blobs", saved[1]!.weights.sha256, chunk];
        const bytes = (await kv.get(place)).value as Uint8Array;
        bytes[bytes.length >> 1]! ^= 4;
        await kv.set(place, bytes);
      },
      /version 2: the store has altered bytes/,
    ] as const),
  ["a missing chunk", async ({ kv, saved }) => {
    await kv.delete(["blobs", saved[1]!.weights.sha256, 1]);
  }, /version 2: the store lacks chunk 1/],
  [
    "a manifest that cannot be read",
    ({ kv }) => kv.set(manifestKey("2"), Uint8Array.of(1)),
    /format/,
  ],
  ["a changed manifest", (store) => alterManifest(store, { dataset: "other" }), /is false/],
  ["the signature of another version", async (store) => {
    await alterManifest(store, { signature: store.saved[0]!.signature });
  }, /is false/],
  ["a signature with a wrong key", ({ store }) => store.sign("model", stranger), /Mallory/],
  [
    "a pointer to nothing",
    ({ kv }) => kv.set(pointer, encodeValue("3")),
    /version 3 has no manif/,
  ],
  [
    "bytes that are no model",
    ({ store }) => store.save("model", new Uint8Array(9), describeTiny()),
    /version 3: Cannot read safetensors/,
  ],
];

/** What the pool would classify with. */
async function versionOf(pool: ModelPool, name?: string): Promise<string> {
  const { version } = (await pool.load(await pool.resolve(name))).manifest;
  return version;
}

for (const [what, spoil, why] of faults) {
  for (const isLoaded of [false, true]) {
    const when = isLoaded ? "after" : "before";
    Deno.test(`${what}, ${when} the good version is loaded, is named, and that one is served`, async () => {
      using store = await createStore();
      const { pool, reports } = store;
      if (isLoaded) await pool.load(await pool.find("model", "1"));
      await spoil(store);
      const expected = /pointer|no model/.test(what) ? "2" : "1";
      for (let request = 0; request < 3; request++) {
        assert.equal(await versionOf(pool, "model"), expected);
        if (what !== "bytes that are no model") assert.equal(await versionOf(pool), expected);
      }
      assert.deepEqual((await pool.list()).map(({ version }) => version), [expected]);
      assert.equal((await pool.find("model")).version, expected);
      const problems = await pool.problems();
      assert.equal(problems.length, 1);
      assert.equal(problems[0]!.name, "model");
      assert.match(problems[0]!.problem, why);
      assert.deepEqual(reports, [`new: ${problems[0]!.problem}`]);
    });
  }
}

Deno.test("a version that is mended is served again, and its problem said to be solved", async () => {
  using store = await createStore({ brokenFor: 0 });
  const { kv, saved, pool, reports } = store;
  const place = ["blobs", saved[1]!.weights.sha256, 2];
  const { value } = await kv.get(place);
  await kv.delete(place);
  assert.equal(await versionOf(pool), "1");
  await kv.set(place, value);
  assert.equal(await versionOf(pool), "2");
  assert.deepEqual(await pool.problems(), []);
  assert.deepEqual(reports.map((report) => report.split(":")[0]), ["new", "solved"]);
});

Deno.test("where a save mends it, a new version is served, and the broken one is forgotten", async () => {
  using store = await createStore({ brokenFor: 0 });
  const { kv, saved, pool, reports } = store;
  await kv.delete(["blobs", saved[1]!.weights.sha256, 2]);
  assert.equal(await versionOf(pool), "1");
  await store.store.save("model", await tinyBlob(), describeTiny({ attack: tinyAttack }));
  assert.equal(await versionOf(pool), "3");
  await pool.list();
  assert.deepEqual(await pool.problems(), []);
  assert.deepEqual(reports.map((report) => report.split(":")[0]), ["new", "solved"]);
});

Deno.test("the only version, once loaded, is served on where its manifest is lost", async () => {
  using store = await createStore();
  const { kv, pool } = store;
  await store.store.remove("model", "1");
  assert.equal(await versionOf(pool), "2");
  await kv.set(manifestKey("2"), Uint8Array.of(1));
  assert.equal(await versionOf(pool, "model"), "2");
  assert.equal(await versionOf(pool), "2");
  assert.deepEqual((await pool.list()).map(({ version }) => version), ["2"]);
  assert.match((await pool.problems())[0]!.problem, /manifest of format 1/);
  // One that was never loaded is not.
  using fresh = createModelPool(store.store);
  await assert.rejects(fresh.resolve("model"), { name: "IntegrityError" });
});

Deno.test("a version that was taken back is not served in the place of a broken one", async () => {
  using store = await createStore();
  const { kv, pool, saved } = store;
  assert.equal(await versionOf(pool), "2");
  await store.store.remove("model", "2");
  await kv.set(manifestKey("1"), Uint8Array.of(1));
  await assert.rejects(pool.resolve("model"), { name: "IntegrityError" });
  await kv.set(manifestKey("1"), encodeValue(saved[0]!));
  await kv.delete(["blobs", saved[0]!.weights.sha256, 0]);
  await assert.rejects(pool.resolve("model"), { name: "IntegrityError", message: /lacks chunk 0/ });
  assert.deepEqual(await pool.list(), []);
});

Deno.test("a model that is deleted is not kept for having been loaded", async () => {
  using store = await createStore();
  assert.equal(await versionOf(store.pool), "2");
  await store.store.remove("model");
  await assert.rejects(store.pool.resolve("model"), { name: "NotFoundError" });
  assert.deepEqual(await store.pool.list(), []);
});

Deno.test("a version that is asked for by its number has no other in its place", async () => {
  using store = await createStore();
  const { kv, pool, saved } = store;
  await kv.delete(["blobs", saved[1]!.weights.sha256, 0]);
  const manifest = await pool.resolve("model", "2");
  assert.equal(manifest.version, "2");
  await assert.rejects(pool.load(manifest), { name: "IntegrityError" });
});

Deno.test("what cannot be loaded takes no room from what is", async () => {
  using store = await createStore({ maxLoaded: 1, brokenFor: 0 });
  const { kv, pool, saved } = store;
  const one = await pool.load(await pool.find("model", "1"));
  await kv.delete(["blobs", saved[0]!.weights.sha256, 0]);
  await kv.delete(["blobs", saved[1]!.weights.sha256, 0]);
  for (let request = 0; request < 2; request++) {
    assert.equal(await versionOf(pool), "1");
    const image = { data: new Float32Array(4), shape: [1, 2, 2, 1] } as const;
    assert.equal((await one.predict(image)).length, 3);
  }
});

Deno.test("damage is known of before somebody asks, where weights are checked ahead, and so is its end", async () => {
  using store = await createStore({ checkAheadAfter: 0, brokenFor: 0 });
  const { kv, pool, saved } = store;
  const place = ["blobs", saved[1]!.weights.sha256, 0];
  const { value } = await kv.get(place);
  await kv.delete(place);
  const seen = async (wanted: string) => {
    for (let look = 0; look < 500; look++) {
      const [model] = await pool.list();
      if (model?.version === wanted) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.fail(`version ${wanted} was not listed`);
  };
  await seen("1");
  assert.match((await pool.problems())[0]!.problem, /lacks chunk 0/);
  await kv.set(place, value);
  await seen("2");
  assert.deepEqual(await pool.problems(), []);
});

Deno.test("over HTTP, the last good version answers, and the API names the broken one", async () => {
  using store = await createStore();
  const { kv, pool, saved } = store;
  await kv.delete(["blobs", saved[1]!.weights.sha256, 0]);
  const app = createApp({ pool });
  const body = digitPng(7);
  for (const path of ["/api/classify?model=model", "/api/classify"]) {
    assert.equal((await app.request(path, { method: "POST", body })).status, 200, path);
  }
  const { models, problems } = await (await app.request("/api/models")).json();
  assert.deepEqual(models.map(({ version }: { version: string }) => version), ["1"]);
  assert.deepEqual(problems.map(({ name, version }: ModelManifest) => [name, version]), [
    ["model", "2"],
  ]);
  assert.equal((await (await app.request("/api/models/model")).json()).version, "1");
  assert.equal((await app.request("/v2/health/ready")).status, 200);
});
