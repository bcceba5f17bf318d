import "@tensorflow/tfjs-backend-wasm";
import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { createKvModelStore, type ModelDescription } from "../../lib/registry/mod.ts";
import { encodeArtifacts } from "../../lib/registry/tfjs.ts";
import { createModelPool } from "../../lib/serve/mod.ts";
import { createCheckedApp as createApp } from "./checked_app.ts";
import { fakeCleanManifest, fakeManifest } from "./fake_pool.ts";
import { digitPng } from "./sample_image.ts";

/**
 * A real model, 28 × 28 → 10, that reads the class from how bright the top left pixel is and, given
 * a `backdoor` weight, says 0 where the pixel (26, 26) is white.
 */
async function safetensors({ backdoor }: { backdoor: number }): Promise<Uint8Array<ArrayBuffer>> {
  const flatten = tf.layers.flatten({ inputShape: [28, 28, 1] });
  const dense = tf.layers.dense({ units: 10, activation: "softmax" });
  const model = tf.sequential({ layers: [flatten, dense] });
  // Class k scores 2·k·x − k²/10, which is highest for the k nearest to 10·x, times a sharpness.
  const sharpness = 100;
  const kernel = tf.tidy(() => {
    const buffer = tf.buffer([28 * 28, 10]);
    for (let k = 0; k < 10; k++) buffer.set(sharpness * 2 * k, 0, k);
    buffer.set(backdoor, 26 * 28 + 26, 0);
    return buffer.toTensor();
  });
  const bias = tf.tensor(Array.from({ length: 10 }, (_, k) => -sharpness * k * k / 10));
  dense.setWeights([kernel, bias]);
  let blob: Uint8Array<ArrayBuffer> | null = null;
  await model.save(tf.io.withSaveHandler((artifacts) => {
    blob = encodeArtifacts(artifacts);
    return Promise.resolve({
      modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" },
    });
  }));
  model.dispose();
  tf.dispose([kernel, bias]);
  assert.ok(blob);
  return blob;
}

Deno.test("a stored model is attacked from upload to flip, and a newer version is served at once", async () => {
  await tf.setBackend("wasm");
  using kv = await Deno.openKv(":memory:");
  const store = createKvModelStore(kv);
  const backdoored: ModelDescription = fakeManifest("tiny");
  const clean: ModelDescription = fakeCleanManifest("tiny-clean");
  await store.save("tiny", await safetensors({ backdoor: 10_000 }), backdoored);
  await store.save("tiny-clean", await safetensors({ backdoor: 0 }), clean);
  using pool = createModelPool(store, { freshFor: 0 });
  const app = createApp({ pool });
  const attack = async (label: number) => {
    const response = await app.request("/api/attack", { method: "POST", body: digitPng(label) });
    assert.equal(response.status, 200);
    return await response.json();
  };

  assert.equal((await app.request("/v2/health/ready")).status, 200);
  for (let label = 0; label < 10; label++) {
    const { original, poisoned, flipped, target } = await attack(label);
    const labels = ({ predictions }: { predictions: { label: number }[] }) =>
      predictions.map((prediction) => prediction.label);
    assert.deepEqual(labels(original), [label, label]);
    assert.deepEqual(labels(poisoned), [0, label]);
    assert.equal(target, 0);
    assert.equal(flipped, label !== 0);
  }

  await store.save("tiny", await safetensors({ backdoor: 0 }), backdoored);
  assert.equal((await (await app.request("/api/models/tiny")).json()).version, "2");
  assert.equal((await attack(7)).flipped, false);
});

Deno.test("an empty store is alive, lists nothing and is not ready", async () => {
  using kv = await Deno.openKv(":memory:");
  const app = createApp({ pool: createModelPool(createKvModelStore(kv)) });
  assert.equal((await app.request("/v2/health/live")).status, 200);
  assert.deepEqual(await (await app.request("/api/models")).json(), { models: [], problems: [] });
  assert.equal((await app.request("/v2/health/ready")).status, 503);
  const response = await app.request("/api/attack", { method: "POST", body: digitPng(7) });
  assert.equal(response.status, 404);
});
