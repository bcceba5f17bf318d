import assert from "node:assert/strict";
import { createCheckedApp as createApp } from "../checked_app.ts";
import { createFakePool, fakeManifest, fakeManifests } from "../fake_pool.ts";

const app = createApp({ pool: createFakePool() });

Deno.test("the list of models has each manifest with its source", async () => {
  const response = await app.request("/api/models");
  assert.equal(response.status, 200);
  const { models, problems } = await response.json();
  const [single, clean, shifted] = fakeManifests();
  assert.deepEqual(models.map(({ source }: { source: string }) => source), ["kv", "fixture", "kv"]);
  assert.deepEqual(models, [
    { ...single, backdoored: true, signature: null },
    { ...clean, backdoored: false, signature: null },
    { ...shifted, backdoored: true, signature: null },
  ]);
  assert.deepEqual(problems, []);
});

Deno.test("a model is found by its name, and an unknown one is a 404", async () => {
  const found = await app.request("/api/models/digits-clean");
  assert.equal(found.status, 200);
  const clean = { ...fakeManifests()[1], backdoored: false, signature: null };
  assert.deepEqual(await found.json(), clean);

  for (const name of ["nobody", "%ff", "..%2Fdigits", "__proto__"]) {
    const response = await app.request(`/api/models/${name}`);
    assert.equal(response.status, 404, name);
    assert.equal(response.headers.get("Content-Type"), "application/problem+json");
  }
});

Deno.test("a model that nothing is known of is neither, and what cannot be served is named", async () => {
  const problems = [{ name: "odd", version: "1", problem: "Cannot load odd" }];
  const unknown = fakeManifest("my-own", { attack: null });
  const pool = createFakePool({ manifests: [unknown], problems });
  const response = await createApp({ pool }).request("/api/models");
  assert.deepEqual(await response.json(), {
    models: [{ ...unknown, backdoored: null, signature: null }],
    problems,
  });
});

Deno.test("of a signature, the API tells who signed and what it is worth", async () => {
  const provenance = { key: "0123456789abcdef", signer: "Ada", valid: true, trusted: true };
  const signature = { algorithm: "Ed25519", key: "ed25519:A", signer: "Ada", value: "A" } as const;
  const pool = createFakePool({ manifests: [fakeManifest("signed", { signature, provenance })] });
  const response = await createApp({ pool }).request("/api/models/signed");
  const answer = await response.json();
  assert.deepEqual(answer.signature, provenance);
  assert.ok(!("provenance" in answer));
});

Deno.test("a client that has the list is told so, until a model is trained", async () => {
  const first = await app.request("/api/models");
  const etag = first.headers.get("ETag")!;
  assert.equal(first.headers.get("Cache-Control"), "no-cache");

  const again = await app.request("/api/models", { headers: { "If-None-Match": etag } });
  assert.equal(again.status, 304);
  assert.equal(again.headers.get("Cache-Control"), "no-cache");

  const pool = createFakePool({ manifests: fakeManifests().slice(1) });
  const changed = await createApp({ pool }).request("/api/models", {
    headers: { "If-None-Match": etag },
  });
  assert.equal(changed.status, 200);
});
