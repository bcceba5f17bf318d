import assert from "node:assert/strict";
import { VERSION } from "../../../lib/core/version.ts";
import { createCheckedApp as createApp } from "../checked_app.ts";
import { createFakePool, fakeManifest } from "../fake_pool.ts";

const manifests = [
  fakeManifest("digits", { version: "2" }),
  fakeManifest("digits"),
  fakeManifest("photographs", { input: [32, 32, 3], labels: ["cat", "dog"] }),
];

const app = createApp({ pool: createFakePool({ manifests }) });

/** The answer to a GET, which must be 200. */
async function get(path: string) {
  const response = await app.request(path);
  assert.equal(response.status, 200, path);
  assert.equal(response.headers.get("Content-Type"), "application/json", path);
  return await response.json();
}

Deno.test("the server says what it is, with a slash at the end and without", async () => {
  for (const path of ["/v2", "/v2/"]) {
    const { extensions, ...server } = await get(path);
    assert.deepEqual(server, { name: "edgedoor", version: VERSION });
    for (const extension of ["binary_tensor_data", "classification", "parameters"]) {
      assert.ok(extensions.includes(extension), extension);
    }
  }
});

Deno.test("a model's metadata names its versions, and its tensors with a free batch", async () => {
  const tensors = {
    inputs: [{ name: "image", datatype: "FP32", shape: [-1, 28, 28, 1] }],
    outputs: [{ name: "probabilities", datatype: "FP32", shape: [-1, 10] }],
  };
  const expected = {
    name: "digits",
    versions: ["2", "1"],
    platform: "edgedoor_safetensors",
    ...tensors,
  };
  for (const path of ["", "/versions/1", "/versions/2"]) {
    assert.deepEqual(await get(`/v2/models/digits${path}`), expected);
  }
  const { versions, inputs, outputs } = await get("/v2/models/photographs");
  assert.deepEqual([versions, inputs[0].shape, outputs[0].shape], [["1"], [-1, 32, 32, 3], [
    -1,
    2,
  ]]);
});

Deno.test("a model's configuration is Triton's, with as many images as a body holds", async () => {
  assert.deepEqual(await get("/v2/models/photographs/config"), {
    name: "photographs",
    platform: "edgedoor_safetensors",
    max_batch_size: 341,
    input: [{ name: "image", data_type: "TYPE_FP32", dims: [32, 32, 3] }],
    output: [{ name: "probabilities", data_type: "TYPE_FP32", dims: [2] }],
  });
  assert.equal((await get("/v2/models/digits/versions/1/config")).max_batch_size, 1337);
});

Deno.test("a model is ready by name and by version", async () => {
  for (const path of ["", "/versions/1", "/versions/2"]) {
    const response = await app.request(`/v2/models/digits${path}/ready`);
    assert.deepEqual(await response.json(), { name: "digits", ready: true });
    assert.equal(response.headers.get("Cache-Control"), "no-store");
  }
});

Deno.test("what is not there is a 404 in the protocol's form", async () => {
  for (const part of ["", "/ready", "/config", "/stats"]) {
    for (const model of ["nobody", "digits/versions/3", "photographs/versions/2"]) {
      const response = await app.request(`/v2/models/${model}${part}`);
      assert.equal(response.status, 404, `${model}${part}`);
      assert.deepEqual(Object.keys(await response.json()), ["error"]);
    }
  }
});
