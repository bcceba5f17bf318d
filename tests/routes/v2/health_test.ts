import assert from "node:assert/strict";
import { IntegrityError } from "../../../lib/core/errors.ts";
import { createCheckedApp as createApp } from "../checked_app.ts";
import type { ServedManifest } from "../../../lib/registry/mod.ts";
import { createFakePool, fakeCleanManifest, fakeManifest } from "../fake_pool.ts";

const get = (path: string, pool = createFakePool()) => createApp({ pool }).request(path);

Deno.test("a live server says so even without models", async () => {
  const response = await get("/v2/health/live", createFakePool({ manifests: [] }));
  assert.equal(response.status, 200);
  assert.deepEqual(await response.json(), { live: true, ready: false });
  assert.equal(response.headers.get("Cache-Control"), "no-store");
});

Deno.test("ready is a server that loads a model, whatever it was trained with", async () => {
  const unknown = fakeManifest("my-own", { attack: null });
  for (const manifest of [fakeManifest("bad"), fakeCleanManifest("clean"), unknown]) {
    const loaded: string[] = [];
    const beforeLoad = ({ name }: ServedManifest) => void loaded.push(name);
    const pool = createFakePool({ manifests: [manifest], beforeLoad });
    const response = await get("/v2/health/ready", pool);
    assert.equal(response.status, 200);
    assert.deepEqual(await response.json(), { live: true, ready: true });
    assert.deepEqual(loaded, [manifest.name]);
    assert.deepEqual(await (await get("/v2/health/live", pool)).json(), {
      live: true,
      ready: true,
    });
  }
});

Deno.test("live loads nothing", async () => {
  const pool = createFakePool({ beforeLoad: () => assert.fail("nothing asks for a model") });
  assert.deepEqual(await (await get("/v2/health/live", pool)).json(), { live: true, ready: false });
});

Deno.test("a server without models is not ready, and says what to do", async () => {
  const response = await get("/v2/health/ready", createFakePool({ manifests: [] }));
  assert.equal(response.status, 503);
  assert.ok(response.headers.has("Retry-After"));
  const body = await response.json();
  assert.deepEqual(Object.keys(body), ["error"]);
  assert.match(body.error, /got none of 0; train one with: deno task train$/);
});

Deno.test("a damaged model beside a good one leaves the server ready", async () => {
  const pool = createFakePool({
    beforeLoad: ({ name }) => {
      if (name === "digits") throw new IntegrityError(`Cannot load ${name}: chunk 3 is missing`);
    },
  });
  const body = await (await get("/v2/health/ready", pool)).json();
  assert.deepEqual([body.ready, body.problems[0].name], [true, "digits"]);
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
  assert.deepEqual(await response.json(), { live: true, ready: true, problems });
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
