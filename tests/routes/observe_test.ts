import assert from "node:assert/strict";
import { createCheckedApp as createApp } from "./checked_app.ts";
import { createMetrics } from "../../routes/metrics.ts";
import type { LogFields, LogLevel } from "../../lib/serve/mod.ts";
import { createFakePool } from "./fake_pool.ts";
import { digitPng } from "./sample_image.ts";

type Entry = [level: LogLevel, message: string, fields?: LogFields];

/** Requests, each with its line in the log, the status and the route that it must be counted under. */
const requests: readonly [path: string, init: RequestInit, line: string][] = [
  ["/api/models", {}, "GET /api/models 200"],
  ["/api/models", { method: "HEAD" }, "HEAD /api/models 200"],
  ["/api/models/digits", {}, "GET /api/models/:name 200"],
  ["/api/models/secret-name?token=secret", {}, "GET /api/models/:name 400"],
  ["/api/attack?model=secret", { method: "POST", body: digitPng(7) }, "POST /api/attack 404"],
  ["/api/attack", { method: "POST", body: "secret" }, "POST /api/attack 415"],
  ["/api/attack", { method: "POST", body: digitPng(7).slice(0, -9) }, "POST /api/attack 422"],
  ["/api/attack", { method: "POST", body: new Uint8Array(2 ** 20 + 1) }, "POST /api/attack 413"],
  ["/api/attack", { method: "GET" }, "GET 405"],
  ["/secret", {}, "GET 404"],
  ["/api/secret", { method: "SECRET" }, "OTHER 404"],
  ["/v2/health/live", {}, "GET /v2/health/live 200"],
];

Deno.test("the log of requests has a line for each, of its route and not of what it holds", async () => {
  const entries: Entry[] = [];
  const app = createApp({
    pool: createFakePool(),
    log: (...entry) => void entries.push(entry),
    logsAccess: true,
  });
  for (const [path, init, line] of requests) {
    const response = await app.request(path, init);
    assert.equal(entries.length, 1, path);
    const [level, message, fields] = entries.pop()!;
    assert.deepEqual([level, message], ["info", line]);
    assert.equal(fields?.requestId, response.headers.get("X-Request-Id"));
    assert.equal(fields?.status, response.status);
    assert.ok(fields!.milliseconds! >= 0);
    assert.doesNotMatch(JSON.stringify(fields), /secret/i);
  }
});

Deno.test("a failure has two lines in the log of requests, with one id", async () => {
  const entries: Entry[] = [];
  const pool = createFakePool({
    beforePredict: () => {
      throw new Error("no");
    },
  });
  const app = createApp({
    pool,
    log: (...entry) => void entries.push(entry),
    logsAccess: true,
  });
  await app.request("/api/attack", { method: "POST", body: digitPng(7) });
  const [[level, message, first], [, line, second]] = entries as [Entry, Entry];
  assert.deepEqual([level, message], ["error", "Cannot answer POST /api/attack"]);
  assert.equal(line, "POST /api/attack 500");
  assert.equal(first?.requestId, second?.requestId);
});

Deno.test("requests in order are not logged unless that is asked for", async () => {
  const entries: Entry[] = [];
  const app = createApp({
    pool: createFakePool(),
    log: (...entry) => void entries.push(entry),
  });
  for (const [path, init] of requests) await app.request(path, init);
  assert.deepEqual(entries, []);
});

Deno.test("metrics count requests by bounded labels, and refused work by reason", async () => {
  const app = createApp({ pool: createFakePool(), metrics: createMetrics() });
  for (const [path, init] of requests) await app.request(path, init);
  const response = await app.request("/metrics");
  assert.equal(response.headers.get("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(response.headers.get("Cache-Control"), "no-store");
  const text = await response.text();
  assert.doesNotMatch(text, /secret/i);
  const value = (name: string, labels: string) =>
    Number(text.split("\n").find((line) => line.startsWith(`${name}{${labels}} `))?.split(" ")[1]);
  const counted = (labels: string) => value("http_requests_total", labels);
  assert.equal(counted('method="GET",route="/api/models/:name",status="200",ok="true"'), 1);
  assert.equal(counted('method="GET",route="none",status="404",ok="false"'), 1);
  assert.equal(counted('method="OTHER",route="none",status="404",ok="false"'), 1);
  const refused = (reason: string) => value("edgedoor_refused_total", `reason="${reason}"`);
  assert.deepEqual(
    ["size", "type", "broken", "busy", "rate", "slow"].map(refused),
    [1, 1, 1, 0, 0, 0],
  );
  assert.match(text, /http_request_duration_seconds_bucket\{le="0\.0025",/);
  const alone = (name: string) => Number(new RegExp(`^${name} (.*)$`, "m").exec(text)?.[1]);
  assert.ok(alone("process_cpu_seconds_total") > 0);
  assert.ok(alone("process_resident_memory_bytes") > 1e7);
  assert.ok(Math.abs(alone("process_start_time_seconds") - Date.now() / 1000) < 3600);
});

Deno.test("metrics show what is in hand", async () => {
  const release = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const pool = createFakePool({
    beforePredict: () => {
      arrived.resolve();
      return release.promise;
    },
  });
  const app = createApp({ pool, metrics: createMetrics() });
  const inHand = async (kind: string) => {
    const text = await (await app.request("/metrics")).text();
    return new RegExp(`^edgedoor_in_hand\\{kind="${kind}"\\} (\\d+)$`, "m").exec(text)?.[1];
  };
  const counts =
    async () => [await inHand("uploads"), await inHand("small"), await inHand("large")];
  assert.deepEqual(await counts(), ["0", "0", "0"]);
  const post = { method: "POST", body: digitPng(7) };
  const held = app.request("/api/classify?model=digits", post);
  await arrived.promise;
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const sending = app.request("/api/classify", { method: "POST", body: readable });
  assert.deepEqual(await counts(), ["1", "1", "0"]);
  release.resolve();
  assert.equal((await held).status, 200);
  assert.deepEqual(await counts(), ["1", "0", "0"]);
  await writable.close();
  assert.equal((await sending).status, 415);
  assert.deepEqual(await counts(), ["0", "0", "0"]);
});

Deno.test("two applications count apart, and one without metrics has no such route", async () => {
  const [one, other] = [0, 1].map(() =>
    createApp({ pool: createFakePool(), metrics: createMetrics() })
  );
  await one!.request("/api/models");
  assert.doesNotMatch(await (await other!.request("/metrics")).text(), /route="\/api\/models"/);
  assert.equal(
    (await createApp({ pool: createFakePool() }).request("/metrics")).status,
    404,
  );
});
