/** What a real server tells of itself: log, metrics, spans. */

import assert from "node:assert/strict";
import { startServer } from "./server.ts";

const digit = await Deno.readFile(new URL("../../fixtures/samples/7.png", import.meta.url));

function attack(url: string): Promise<Response> {
  return fetch(new URL("/api/attack?value=0.75", url), { method: "POST", body: digit });
}

Deno.test("LOG=json: a line for every request and none of what was sent", async () => {
  await using server = await startServer({ LOG: "json" });
  const response = await attack(server.url);
  assert.equal(response.status, 200);
  const { original: { png } } = await response.json();
  await (await fetch(new URL("/nowhere?token=secret", server.url))).text();
  const { code, stderr } = await server.stop();
  assert.equal(code, 0);
  const lines = stderr.trim().split("\n").map((line) => JSON.parse(line));
  const said = lines.map(({ level, message }) => [level, message]);
  assert.deepEqual(said.slice(0, 2), [["info", "POST /api/attack 200"], ["info", "GET 404"]]);
  assert.equal(lines[0].requestId, response.headers.get("X-Request-Id"));
  const keys = ["time", "level", "message", "requestId", "method", "route", "status"];
  assert.deepEqual(Object.keys(lines[0]), [...keys, "milliseconds"]);
  assert.ok(
    !stderr.includes("secret") && !stderr.includes("0.75") && !stderr.includes("127.0.0.1"),
  );
  assert.ok(!stderr.includes(png) && !stderr.includes(digit.toBase64()));
});

Deno.test("a server without settings says nothing of requests, and has no metrics", async () => {
  await using server = await startServer();
  await (await attack(server.url)).text();
  const metrics = await fetch(new URL("/metrics", server.url));
  assert.equal(metrics.status, 404);
  await metrics.text();
  assert.equal((await server.stop()).stderr, "");
});

Deno.test("METRICS=1: Prometheus reads what was served, under the server's permissions", async () => {
  await using server = await startServer({ METRICS: "1" });
  await (await attack(server.url)).text();
  const text = await (await fetch(new URL("/metrics", server.url))).text();
  assert.match(
    text,
    /^http_requests_total\{method="POST",route="\/api\/attack",status="200",ok="true"\} 1$/m,
  );
  assert.match(text, /^process_resident_memory_bytes [1-9]\d{7,}$/m);
});

Deno.test("OTEL_DENO: a request's span has its route, and decode, load and infer as children", async () => {
  await using server = await startServer({
    OTEL_DENO: "true",
    OTEL_EXPORTER_OTLP_PROTOCOL: "console",
    // Of the log, what Deno itself takes from the console.
    LOG: "json",
  });
  await (await attack(server.url)).text();
  await (await fetch(new URL("/nowhere?token=secret", server.url))).text();
  const { code, stderr } = await server.stop();
  assert.equal(code, 0);
  const spans = [...stderr.matchAll(/^SPAN (.+) \[(\w+)\/(\w+)\].*\n((?: {2}.*\n)*)/gm)].map(
    ([, name, trace, span, rest]) => ({ name, trace, span, rest: rest! }),
  );
  const request = spans.find(({ name }) => name === "POST /api/attack");
  assert.ok(request, stderr);
  assert.match(request.rest, /http\.route: \/api\/attack\n/);
  const inner = spans.filter(({ trace, rest }) =>
    trace === request.trace && rest.includes(`parent: ${request.span}`)
  );
  assert.deepEqual([...new Set(inner.map(({ name }) => name))].sort(), ["decode", "infer", "load"]);
  assert.match(inner.find(({ name }) => name === "load")!.rest, /edgedoor\.model: mnist-/);
  assert.ok(spans.some(({ name, rest }) => name === "GET" && !rest.includes("http.route")));
  // Deno's collector is told how much each line matters.
  assert.match(stderr, /^LOG \[INFO\].*POST \/api\/attack 200/m);
});
