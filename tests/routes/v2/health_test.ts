import assert from "node:assert/strict";
import { IntegrityError } from "../../../lib/core/errors.ts";
import { createApp } from "../../../routes/app.ts";
import { createFakePool, fakeCleanManifest, fakeManifest } from "../fake_pool.ts";

const get = (path: string, pool = createFakePool()) => createApp({ pool }).request(path);

Deno.test("a live server says so even without models", async () => {
  const response = await get("/v2/health/live", createFakePool({ manifests: [] }));
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { live: true });
  assert.equal(response.headers.get("Cache-Control"), "no-store");
});

Deno.test("ready is a server that loads a backdoored model and a clean one", async () => {
  const loaded: string[] = [];
  const pool = createFakePool({ beforeLoad: ({ name }) => void loaded.push(name) });
  const response = await get("/v2/health/ready", pool);
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { ready: true });
  assert.deepEqual(loaded.sort(), ["digits", "digits-clean"]);
});

Deno.test("a server that lacks either model is not ready, and says which and what to do", async () => {
  for (
    const [manifests, reason] of [
      [[], /got \d without a backdoored one.*deno task train$/],
      [[fakeCleanManifest("clean")], /got \d without a backdoored one.*deno task train$/],
      [[fakeManifest("bad")], /got 1 without a clean one.*deno task train --attack none$/],
    ] as const
  ) {
    const response = await get("/v2/health/ready", createFakePool({ manifests }));
    assert.equal(response.status, 503);
    assert.ok(response.headers.has("Retry-After"));
    const body = await response.json();
    assert.deepEqual(Object.keys(body), ["error"]);
    assert.match(body.error, reason);
  }
});

Deno.test("a server whose model is damaged is not ready", async () => {
  const pool = createFakePool({
    beforeLoad: ({ name }) => {
      throw new IntegrityError(`Cannot load ${name}: chunk 3 is missing`);
    },
  });
  const response = await get("/v2/health/ready", pool);
  assert.equal(response.status, 503);
  assert.match((await response.json()).error, /chunk 3 is missing/);
});

Deno.test("a server that is ready names what is broken beside", async () => {
  const problems = [{
    name: "odd",
    version: "1",
    problem: "Cannot load odd: its layer is unknown",
  }];
  const response = await get("/v2/health/ready", createFakePool({ problems }));
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { ready: true, problems });
});

Deno.test("unknown routes and methods under /v2 answer in the protocol's form", async () => {
  const unknown = await get("/v2/nothing");
  assert.equal(unknown.status, 404);
  assert.deepEqual(Object.keys(await unknown.json()), ["error"]);

  const posted = await createApp({ pool: createFakePool() })
    .request("/v2/health/live", { method: "POST" });
  assert.equal(posted.status, 405);
  assert.equal(posted.headers.get("Allow"), "GET, HEAD");
  assert.deepEqual(Object.keys(await posted.json()), ["error"]);
});
