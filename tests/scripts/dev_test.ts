import assert from "node:assert/strict";
import { runCommand, startCommand } from "./run_command.ts";

Deno.test("dev --help and wrong usage end, where Deno's --watch would wait", async () => {
  const help = await runCommand("dev", ["--help"]);
  assert.deepEqual([help.status, help.stderr], [0, ""]);
  assert.match(help.stdout, /^Usage: deno task dev \[options\]/);
  const wrong = await runCommand("dev", ["--prot", "0"]);
  assert.deepEqual([wrong.status, wrong.stdout], [2, ""]);
  assert.match(wrong.stderr, /^error: unknown option '--prot'.*\n$/);
});

Deno.test("dev serves, waits for changes, and ends at Ctrl-C", async () => {
  const dev = startCommand("dev", ["--port", "0", "--host", "127.0.0.1", "--kv", ":memory:"]);
  const [, port] = await dev.waitFor(/listens on http:\/\/127\.0\.0\.1:(\d+)\/\n/);
  const live = await fetch(`http://127.0.0.1:${port}/v2/health/live`);
  assert.deepEqual(await live.json(), { live: true, ready: false });
  dev.kill("SIGINT");
  // The server holds the pipes too: the outcome comes when it is gone.
  const { status, stderr } = await dev.outcome;
  assert.equal(status, 128 + 9);
  assert.match(stderr, /Watcher Process started/);
});
