import assert from "node:assert/strict";
import { runCommand, withFolder } from "../run_command.ts";

/** As little as can be measured: machines that test have other work. */
const brief = ["--seconds", "1", "--confirm", "1", "--connections", "2", "--rounds", "1"];

Deno.test("bench:serve measures edgedoor by one worker and by several", async () => {
  const args = [...brief, "--only", "single,saturation", "--workers", "2", "--json"];
  const { status, stdout, stderr } = await runCommand("bench/serve", args);
  assert.equal(status, 0, stderr);
  const { variants, comparisons } = JSON.parse(stdout).results["bench:serve speed"];
  assert.deepEqual(Object.keys(variants), ["edgedoor, 1 worker", "edgedoor, 2 workers"]);
  assert.deepEqual(comparisons, []);
  for (
    const { figures } of Object.values<{ figures: Record<string, { median: number }> }>(variants)
  ) {
    for (const input of ["digit", "photograph"]) {
      for (const figure of ["p50", "p99", "requests/s"]) {
        assert.ok(figures[`${input} ${figure}`]!.median > 0, `${input} ${figure}`);
      }
    }
  }
});

Deno.test("bench:serve starts servers, overloads them, and looks at their memory", async () => {
  const args = [
    ...["--quick", ...brief, "--only", "rate,cold-start,memory", "--workers", "1"],
    ...["--soak", "0.05"],
  ];
  const { status, stdout, stderr } = await runCommand("bench/serve", args);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /^Cold start\n[^]*\nedgedoor, model in KV +[\d,]+ /);
  assert.match(stdout, /\nedgedoor, bundled models +[\d,]+ /);
  assert.match(stdout, /\nAt a fixed rate\n[^]*\nedgedoor, 1 worker /);
  assert.match(stdout, /\nMemory\n[^]*\nedgedoor, 1 worker +[\d,]+ +[\d,]+ /);
  assert.match(stdout, /\nSoak\n[^]*\nedgedoor, 1 worker +[\d,.]+ +0\.0500 /);
});

Deno.test("bench:serve compares with peers that answer alike", () =>
  withFolder(async (folder) => {
    // In Python's place: a program that names versions, and serves by edgedoor itself.
    const python = `${folder}/python`;
    const script = [
      "#!/bin/sh",
      `case "$1" in -c) echo 1.2.3; exit;; *networks.py) exit;; esac`,
      `port=$(echo "$2" | sed 's/.*"port":\\([0-9]*\\).*/\\1/')`,
      `exec "${Deno.execPath()}" run -A scripts/start.ts --kv :memory: --port "$port"`,
    ];
    await Deno.writeTextFile(python, `${script.join("\n")}\n`);
    await Deno.chmod(python, 0o755);
    const args = ["--only", "cold-start", ...brief, "--peers", "--python", python];
    const { status, stdout, stderr } = await runCommand("bench/serve", args);
    assert.equal(status, 0, stderr);
    assert.match(
      stderr,
      /^FastAPI, PyTorch, 1 worker, 1 thread a call, on the event loop: [\d.]+/m,
    );
    assert.match(stdout, /\nFastAPI, onnxruntime, 1 worker +[\d,]+ /);
    assert.match(stdout, /\nedgedoor, model in KV +firstAnswer +[\d,]+ .* FastAPI, .*\d×\n/);
  }));

Deno.test("bench:serve says why a peer does not serve", () =>
  withFolder(async (folder) => {
    const python = `${folder}/python`;
    const script =
      `#!/bin/sh\n[ $# = 3 ] || [ "$1" = -c ] && exit\necho no such module >&2\nexit 1\n`;
    await Deno.writeTextFile(python, script);
    await Deno.chmod(python, 0o755);
    const args = [...brief, "--peers", "--python", python];
    const { status, stdout, stderr } = await runCommand("bench/serve", args);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(
      stderr,
      /^error: Cannot measure FastAPI, PyTorch, .* listen.*: no such module\n$/m,
    );
  }));
