import assert from "node:assert/strict";
import { Hono } from "hono";
import { clientOf, isLoopback } from "../../routes/client_of.ts";

/** Whom a request is counted to. */
async function clientFor(
  { from, forwarded, proxies = 0 }: { from?: string; forwarded?: string; proxies?: number },
): Promise<string> {
  const app = new Hono().get("/", (c) => c.text(clientOf(c, proxies)));
  const headers: HeadersInit = forwarded === undefined ? {} : { "X-Forwarded-For": forwarded };
  const env = from === undefined ? undefined : { remoteAddr: { hostname: from, port: 1 } };
  return await (await app.request("/", { headers }, env)).text();
}

Deno.test("a client is its address, however it is written", async () => {
  for (
    const [from, client] of [
      ["192.0.2.7", "192.0.2.7"],
      ["::ffff:192.0.2.7", "192.0.2.7"],
      ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
      ["2001:DB8:1:2::9", "2001:db8:1:2"],
      ["2001:db8::1", "2001:db8:0:0"],
      ["fe80::1:2", "fe80:0:0:0"],
      ["::1", "127.0.0.1"],
      [undefined, "unknown"],
    ] as const
  ) {
    assert.equal(await clientFor(from === undefined ? {} : { from }), client);
  }
});

Deno.test("what a client says of itself counts only as far as one's own proxies wrote it", async () => {
  const from = "10.0.0.1";
  for (
    const [proxies, forwarded, client] of [
      [0, "192.0.2.1", "10.0.0.1"],
      [1, undefined, "10.0.0.1"],
      [1, "192.0.2.1", "192.0.2.1"],
      [1, "127.0.0.1, 192.0.2.1", "192.0.2.1"],
      [2, "6.6.6.6, 192.0.2.1, 10.0.0.2", "192.0.2.1"],
      [2, "192.0.2.1", "10.0.0.1"],
      [1, "192.0.2.1:4711", "192.0.2.1"],
      [1, "[2001:db8::1]:4711", "2001:db8:0:0"],
      [1, "", "10.0.0.1"],
      [1, "nonsense", "nonsense"],
    ] as const
  ) {
    const request = forwarded === undefined ? { from, proxies } : { from, proxies, forwarded };
    assert.equal(await clientFor(request), client, `${proxies} ${forwarded}`);
  }
});

Deno.test("loopback addresses are this machine", () => {
  assert.ok(isLoopback("127.0.0.1"));
  assert.ok(isLoopback("127.9.9.9"));
  assert.ok(!isLoopback("12.7.0.1"));
  assert.ok(!isLoopback("unknown"));
});
