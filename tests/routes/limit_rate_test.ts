import assert from "node:assert/strict";
import { mock } from "node:test";
import { createApp } from "../../routes/app.ts";
import { createFakePool } from "./fake_pool.ts";
import { digitPng } from "./sample_image.ts";

type App = ReturnType<typeof createApp>;

interface From {
  readonly address: string;
  readonly forwarded?: string;
  readonly path?: string;
}

/** Sends a digit from an address. */
async function post(
  app: App,
  { address, forwarded, path = "/api/classify" }: From,
): Promise<Response> {
  const headers: HeadersInit = forwarded === undefined ? {} : { "X-Forwarded-For": forwarded };
  const env = { remoteAddr: { transport: "tcp", hostname: address, port: 1 } };
  return await app.request(path, { method: "POST", body: digitPng(7), headers }, env);
}

async function statusesOf(app: App, requests: readonly From[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const each of requests) statuses.push((await post(app, each)).status);
  return statuses;
}

Deno.test("a client that sends too much is told when to come again, and others are served", async () => {
  const app = createApp({ pool: createFakePool(), rateLimit: 2 });
  const one = { address: "192.0.2.1" };
  assert.deepEqual(await statusesOf(app, [one, one]), [200, 200]);
  const refused = await post(app, one);
  assert.equal(refused.status, 429);
  assert.match(refused.headers.get("Retry-After") ?? "", /^([1-9]|[1-5]\d|60)$/);
  assert.match(refused.headers.get("RateLimit") ?? "", /^limit=2, remaining=0, reset=\d+$/);
  assert.equal(refused.headers.get("Content-Type"), "application/problem+json");
  assert.match((await refused.json()).detail, /may send 2 in a minute/);
  const inference = await post(app, { ...one, path: "/v2/models/digits/infer" });
  assert.equal(inference.status, 429);
  assert.deepEqual(Object.keys(await inference.json()), ["error"]);

  assert.deepEqual(await statusesOf(app, [{ address: "192.0.2.2" }]), [200]);
  const env = { remoteAddr: { hostname: one.address } };
  assert.equal((await app.request("/api/models", {}, env)).status, 200);
});

Deno.test("after a minute a client may send again", async () => {
  const app = createApp({ pool: createFakePool(), rateLimit: 1 });
  const one = { address: "192.0.2.1" };
  assert.deepEqual(await statusesOf(app, [one, one]), [200, 429]);
  const later = Date.now() + 60_001;
  const clock = mock.method(Date, "now", () => later);
  try {
    assert.deepEqual(await statusesOf(app, [one, one]), [200, 429]);
  } finally {
    clock.mock.restore();
  }
});

Deno.test("this machine is not limited, unless a proxy stands on it", async () => {
  const open = createApp({ pool: createFakePool(), rateLimit: 1 });
  for (const address of ["127.0.0.1", "::1", "::ffff:127.0.0.1"]) {
    assert.deepEqual(await statusesOf(open, [{ address }, { address }]), [200, 200]);
  }
  // What a client says of itself counts for nothing.
  const liar = { address: "192.0.2.1", forwarded: "127.0.0.1" };
  assert.deepEqual(await statusesOf(open, [liar, liar]), [200, 429]);

  const behind = createApp({ pool: createFakePool(), rateLimit: 1, trustedProxies: 1 });
  const from = (forwarded: string) => ({ address: "127.0.0.1", forwarded });
  assert.deepEqual(
    await statusesOf(behind, [from("192.0.2.1"), from("192.0.2.2"), from("x, 192.0.2.1")]),
    [200, 200, 429],
  );
  assert.deepEqual(await statusesOf(behind, [from(""), from("127.0.0.1")]), [200, 429]);
});

Deno.test("without a limit all are served", async () => {
  const app = createApp({ pool: createFakePool() });
  const one = { address: "192.0.2.1" };
  assert.deepEqual(await statusesOf(app, Array(20).fill(one)), Array(20).fill(200));
});
