import assert from "node:assert/strict";
import { runCommand, startCommand } from "./run_command.ts";

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

Deno.test("a port that is none ends start with status 2 and one line", async () => {
  const env = { PORT: "eighty", EDGEDOOR_KV: ":memory:" };
  const { status, stdout, stderr } = await runCommand("start", [], { permissions, env });
  assert.deepEqual([status, stdout], [2, ""]);
  assert.match(stderr, /^error: Cannot start: PORT must be an integer from 0 to 65535, .*\n$/);
});
