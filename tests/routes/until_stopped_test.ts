import assert from "node:assert/strict";
import { Life } from "../../lib/serve/mod.ts";
import { createApp } from "../../routes/app.ts";
import { createFakePool } from "./fake_pool.ts";
import { digitPng } from "./sample_image.ts";

const classify = { method: "POST", body: digitPng(7) };

Deno.test("a server that is to stop finishes what it has, takes nothing new, and is not ready", async () => {
  const life = new Life();
  const release = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const pool = createFakePool({
    beforePredict() {
      begun.resolve();
      return release.promise;
    },
  });
  const app = createApp({ pool, life });
  const slow = app.request("/api/classify", classify);
  await begun.promise;
  assert.equal((await app.request("/v2/health/ready")).status, 200);

  let isStopped = false;
  const stopped = life.stop().then(() => isStopped = true);
  const paths = [
    "/v2/health/ready",
    "/v2/models/digits/ready",
    "/v2/models/digits/versions/1/ready",
  ];
  for (const path of paths) {
    const ready = await app.request(path);
    assert.equal(ready.status, 503, path);
    assert.ok(ready.headers.has("Retry-After"));
    assert.match((await ready.json()).error, /the server is about to stop/);
  }
  const live = await app.request("/v2/health/live");
  assert.deepEqual([live.status, await live.json()], [200, { live: true, ready: false }]);
  for (const path of ["/api/models", "/v2/models/digits", "/"]) {
    assert.equal((await app.request(path)).status, 200, path);
  }
  for (const path of ["/api/classify", "/api/attack", "/v2/models/digits/infer"]) {
    const refused = await app.request(path, classify);
    assert.equal(refused.status, 503, path);
    assert.ok(refused.headers.has("Retry-After"));
  }
  assert.ok(!isStopped);
  release.resolve();
  assert.equal((await slow).status, 200);
  await stopped;
});

Deno.test("work that fails is finished too, and a server without work stops at once", async () => {
  const life = new Life();
  const app = createApp({ pool: createFakePool(), life });
  const failed = await app.request("/api/classify", { method: "POST", body: "no image" });
  assert.equal(failed.status, 415);
  await life.stop();
});
