/** Load on servers whose answers are known. */

import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { closedLoop } from "../../../../scripts/bench/serve/closed_loop.ts";
import type { Input } from "../../../../scripts/bench/serve/inputs.ts";
import { loadOf } from "../../../../scripts/bench/serve/load_outcome.ts";
import { openLoop, post } from "../../../../scripts/bench/serve/open_loop.ts";

const input: Input = { name: "bytes", type: "image/png", body: new Uint8Array([1, 2, 3]) };

/** Runs a test with a server. */
async function withServer(
  answer: (request: Request) => Response | Promise<Response>,
  test: (url: string) => Promise<void>,
): Promise<void> {
  await using server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, answer);
  await test(`http://127.0.0.1:${server.addr.port}/api/attack`);
}

Deno.test("a server that stands still is seen as slow by all requests of that time", () => {
  let wake: Promise<void> | undefined;
  return withServer(async () => {
    await (wake ??= delay(500));
    return new Response("done");
  }, async (url) => {
    const outcome = await openLoop({ url, input, rate: 100, seconds: 1 });
    assert.equal(outcome.requests, 100);
    assert.deepEqual(outcome.statuses, [200]);
    // Requests that wait for an answer first would see one slow answer of 51.
    assert.ok(outcome.percentile(60) > 90, `${outcome.percentile(60)} ms`);
    assert.ok(outcome.percentile(100) >= 490, `${outcome.percentile(100)} ms`);
  });
});

Deno.test("what is sent is what is asked for", () =>
  withServer(async (request) => {
    const isRight = request.method === "POST" &&
      request.headers.get("Content-Type") === "image/png" &&
      String(await request.bytes()) === "1,2,3";
    return new Response(null, { status: isRight ? 200 : 400 });
  }, async (url) => {
    assert.equal(await post({ url, input }), 200);
    const open = await openLoop({ url, input, rate: 50, seconds: 0.2 });
    assert.deepEqual([open.requests, open.share(200)], [10, 1]);
    const closed = await closedLoop({ url, input, connections: 2, seconds: 1 });
    assert.ok(closed.requests > 0);
    assert.equal(closed.share(200), 1);
  }));

Deno.test("who is refused has no latency", () => {
  let count = 0;
  return withServer(
    () => new Response(null, { status: count++ % 2 === 0 ? 200 : 503 }),
    async (url) => {
      const outcome = await openLoop({ url, input, rate: 100, seconds: 0.2 });
      assert.deepEqual(outcome.statuses, [200, 503]);
      assert.deepEqual([outcome.share(200), outcome.share(503)], [0.5, 0.5]);
      assert.equal(outcome.percentile(99), Infinity);
      assert.ok(outcome.percentileOf200(99) < Infinity);
      assert.equal(outcome.rate, 50);
    },
  );
});

Deno.test("no answer has status 0", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}/`;
  assert.equal(await post({ url, input, patience: 50 }), 0, "in time");
  listener.close();
  assert.equal(await post({ url, input }), 0, "from nobody");
});

Deno.test("answers sum up", () => {
  const answers = Array.from({ length: 100 }, (_, i) => ({ status: 200, milliseconds: i + 1 }));
  const outcome = loadOf([...answers, { status: 0, milliseconds: 3 }], 10);
  assert.deepEqual([outcome.rate, outcome.requests], [10, 101]);
  assert.deepEqual([outcome.percentileOf200(50), outcome.percentileOf200(99)], [50, 99]);
  assert.deepEqual([outcome.percentile(99), outcome.percentile(100)], [100, Infinity]);
  assert.ok(Number.isNaN(loadOf([{ status: 503, milliseconds: 1 }], 1).percentileOf200(50)));
});
