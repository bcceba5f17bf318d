import assert from "node:assert/strict";
import { runCommand, startCommand, withFolder } from "./run_command.ts";

const permissions = "serve";

Deno.test("start --json says where it serves, and ends well when it is stopped", async () => {
  const env = { PORT: "0", HOST: "127.0.0.1", EDGEDOOR_KV: ":memory:" };
  const server = startCommand("start", ["--json"], { permissions, env });
  const [, port] = await server.waitFor(/listens on http:\/\/127\.0\.0\.1:(\d+)\/\n/);
  const live = await fetch(`http://127.0.0.1:${port}/v2/health/live`);
  assert.equal(live.status, 200);
  await live.body?.cancel();
  server.kill("SIGINT");
  const { status, stdout, stderr } = await server.outcome;
  assert.equal(status, 0, stderr);
  assert.deepEqual(JSON.parse(stdout), { hostname: "127.0.0.1", port: Number(port) });
});

Deno.test("start takes port, host and store from flags, above the environment", () =>
  withFolder(async (folder) => {
    const kv = `${folder}/models.sqlite`;
    const args = ["--port", "0", "--host", "127.0.0.1", "--kv", kv, "--json"];
    const env = { PORT: "1", HOST: "192.0.2.1", EDGEDOOR_KV: "/no/such/folder/kv" };
    const server = startCommand("start", args, { permissions, env });
    const [, port] = await server.waitFor(/listens on http:\/\/127\.0\.0\.1:(\d+)\/\n/);
    const live = await fetch(`http://127.0.0.1:${port}/v2/health/live`);
    assert.deepEqual(await live.json(), { live: true, ready: false });
    server.kill("SIGINT");
    const { status, stdout, stderr } = await server.outcome;
    assert.equal(status, 0, stderr);
    assert.deepEqual(JSON.parse(stdout), { hostname: "127.0.0.1", port: Number(port) });
    assert.ok((await Deno.stat(kv)).isFile);
  }));

Deno.test("start --workers serves one port by several threads, and ends well when it is stopped", async () => {
  const args = ["--port", "0", "--kv", ":memory:", "--workers", "2", "--json"];
  const server = startCommand("start", args, { permissions });
  const [, port] = await server.waitFor(/^edgedoor listens on http:\/\/127\.0\.0\.1:(\d+)\/\n/m);
  const body = await Deno.readFile(new URL("../../fixtures/samples/7.png", import.meta.url));
  const answers = await Promise.all(Array.from({ length: 8 }, async () => {
    // Each by a connection of its own.
    using client = Deno.createHttpClient({});
    const url = `http://127.0.0.1:${port}/api/attack`;
    const headers = { "Content-Type": "image/png" };
    const response = await fetch(url, { method: "POST", headers, body, client });
    return (await response.json()).original.predictions[0].label;
  }));
  assert.deepEqual(answers, Array(8).fill(7));
  server.kill("SIGTERM");
  const { status, stdout, stderr } = await server.outcome;
  assert.equal(status, 0, stderr);
  assert.equal(stderr.match(/listens/g)?.length, 2, "each says so");
  assert.deepEqual(JSON.parse(stdout), { hostname: "127.0.0.1", port: Number(port) });
});

Deno.test("a signal that comes before all workers can hear it ends them all", async () => {
  const args = ["--port", "0", "--kv", ":memory:", "--workers", "3"];
  const server = startCommand("start", args, { permissions });
  // The others begin now.
  await server.waitFor(/^edgedoor listens/m);
  server.kill("SIGTERM");
  const { status, stderr } = await server.outcome;
  assert.equal(status, 0, stderr);
});

Deno.test("workers have no metrics in common", async () => {
  const args = ["--port", "0", "--kv", ":memory:", "--workers", "2"];
  const { status, stderr } = await runCommand("start", args, {
    permissions,
    env: { METRICS: "1" },
  });
  assert.equal(status, 2);
  assert.match(stderr, /^error: .* METRICS=1 cannot be combined with --workers, .*\n$/);
});

Deno.test("workers that cannot start are told of once", async () => {
  const args = ["--port", "0", "--kv", "/no/such/folder/kv", "--workers", "3"];
  const { status, stdout, stderr } = await runCommand("start", args, { permissions });
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /^error: .*EDGEDOOR_KV.*\n$/);
});

Deno.test("what start cannot serve on is said by its flags", async () => {
  const elsewhere = await runCommand("start", ["--host", "192.0.2.1"], { permissions });
  assert.deepEqual([elsewhere.status, elsewhere.stdout], [1, ""]);
  assert.match(
    elsewhere.stderr,
    /^error: Cannot listen on 192\.0\.2\.1 port 8000: .*; set --host to an address of this machine/,
  );
  const empty = await runCommand("start", ["--host", ""], { permissions });
  assert.equal(empty.status, 2);
  assert.match(
    empty.stderr,
    /^error: option '--host <address>' argument '' is invalid\. It must be/,
  );
});

Deno.test("a port that is none ends start with status 2 and one line", async () => {
  const env = { PORT: "eighty", EDGEDOOR_KV: ":memory:" };
  const { status, stdout, stderr } = await runCommand("start", [], { permissions, env });
  assert.deepEqual([status, stdout], [2, ""]);
  assert.match(stderr, /^error: Cannot start: PORT must be an integer from 0 to 65535, .*\n$/);
});
