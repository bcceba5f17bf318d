import assert from "node:assert/strict";
import { encode } from "jpeg-js";
import { createCheckedApp as createApp } from "../checked_app.ts";
import { exif, exifSegment, insert } from "../../lib/image/build_jpeg.ts";
import { createFakePool, fakeManifest } from "../fake_pool.ts";
import { digitPng } from "../sample_image.ts";

const app = createApp({ pool: createFakePool() });

async function classify(query: string): Promise<{ model: string; label: number }[]> {
  const response = await app.request(`/api/classify${query}`, {
    method: "POST",
    body: digitPng(4),
  });
  assert.equal(response.status, 200);
  const answer = await response.json();
  assert.deepEqual(Object.keys(answer), ["predictions"]);
  return answer.predictions;
}

Deno.test("an image is read by the newest backdoored model and its twin", async () => {
  const predictions = await classify("");
  assert.deepEqual(predictions.map(({ model, label }) => [model, label]), [
    ["digits", 4],
    ["digits-clean", 4],
  ]);
  assert.deepEqual(Object.keys(predictions[0]!), [
    "model",
    "backdoored",
    "cleanAccuracy",
    "label",
    "confidence",
    "probabilities",
  ]);
});

Deno.test("an image is read by the models of the query, in its order, each once", async () => {
  const predictions = await classify(
    "?model=digits-clean&model=digits-shifted&model=digits-clean",
  );
  assert.deepEqual(predictions.map(({ model }) => model), ["digits-clean", "digits-shifted"]);
});

Deno.test("each model gets the image in the shape of its own input", async () => {
  const shapes: (readonly number[])[] = [];
  const manifests = [
    fakeManifest("grey"),
    fakeManifest("colour", { input: [32, 32, 3] }),
  ];
  const pool = createFakePool({ manifests });
  const watched: typeof pool = {
    ...pool,
    async load(manifest) {
      const loaded = await pool.load(manifest);
      return {
        ...loaded,
        predict(batch) {
          shapes.push(batch.shape);
          assert.equal(batch.data.length, batch.shape.reduce((size, length) => size * length));
          return loaded.predict(batch);
        },
      };
    },
  };
  const response = await createApp({ pool: watched }).request(
    "/api/classify?model=grey&model=colour",
    { method: "POST", body: digitPng(4) },
  );
  assert.equal(response.status, 200);
  assert.deepEqual(shapes, [[1, 28, 28, 1], [1, 32, 32, 3]]);
});

Deno.test("a photograph is turned upright before a model sees it", async () => {
  const { width, height, data } = { width: 16, height: 16, data: new Uint8Array(16 * 16 * 4) };
  // Grey of 7 tenths in the first row of blocks, of 2 tenths in the second.
  data.forEach((_, i) => data[i] = i < data.length / 2 ? 179 : 51);
  const jpeg = new Uint8Array(encode({ width, height, data }, 95).data);
  const upsideDown = insert(jpeg, exifSegment(exif("MM", { value: 3 })));
  for (const [body, label] of [[jpeg, 7], [upsideDown, 2]] as const) {
    const response = await app.request("/api/classify", { method: "POST", body });
    assert.equal((await response.json()).predictions[0].label, label);
  }
});

Deno.test("a model that nothing is known of is neither backdoored nor clean", async () => {
  const manifests = [fakeManifest("my-own", { attack: null, metrics: null })];
  const response = await createApp({ pool: createFakePool({ manifests }) }).request(
    "/api/classify?model=my-own",
    { method: "POST", body: digitPng(4) },
  );
  const { predictions: [{ backdoored, cleanAccuracy, label }] } = await response.json();
  assert.deepEqual([backdoored, cleanAccuracy, label], [null, null, 4]);
});

Deno.test("one unknown model among known ones is a 404", async () => {
  const response = await app.request("/api/classify?model=digits&model=nobody", {
    method: "POST",
    body: digitPng(4),
  });
  assert.equal(response.status, 404);
  assert.match((await response.json()).detail, /nobody/);
});
