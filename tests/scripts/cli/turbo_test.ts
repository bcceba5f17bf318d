/** `--turbo`: commands that start themselves again under V8's flags. */

import assert from "node:assert/strict";
import { checkV8Flags, TURBO_FLAGS } from "../../../scripts/cli/turbo.ts";
import { runCommand, startCommand, withFolder } from "../run_command.ts";

const brief = ["--model", "badnets", "--limit", "256", "--epochs", "1", "--attack", "none"];
const long = ["--limit", "20000", "--name", "model"];

Deno.test("train --turbo runs under both flags and says so, and evaluate --turbo agrees with it", () =>
  withFolder(async (folder) => {
    const store = ["--kv", `${folder}/kv.sqlite`];
    const train = await runCommand("train", [
      ...brief,
      ...store,
      "--name",
      "m",
      "--json",
      "--turbo",
    ]);
    assert.equal(train.status, 0, train.stderr);
    assert.match(
      train.stderr,
      /^epoch 1\/1: \d+ %/,
      "one display, and no word of the second process",
    );
    const { engine, cleanAccuracy } = JSON.parse(train.stdout);
    assert.deepEqual(engine.v8Flags, TURBO_FLAGS);
    const evaluate = await runCommand("evaluate", ["m", ...store, "--json", "--turbo"]);
    assert.deepEqual([evaluate.status, evaluate.stderr], [0, ""]);
    assert.equal(JSON.parse(evaluate.stdout).cleanAccuracy, cleanAccuracy);
  }));

Deno.test("without --turbo there are no flags", async () => {
  const { stdout } = await runCommand("train", [...brief, "--kv", ":memory:", "--json"]);
  assert.deepEqual(JSON.parse(stdout).engine.v8Flags, []);
});

Deno.test("flags of V8 that are set already stay", async () => {
  const args = [...brief, "--kv", ":memory:", "--json", "--turbo"];
  const { stdout } = await runCommand("train", args, {
    env: { DENO_V8_FLAGS: "--no-flush-bytecode" },
  });
  assert.deepEqual(JSON.parse(stdout).engine.v8Flags, ["--no-flush-bytecode", ...TURBO_FLAGS]);
});

const failures: readonly [args: readonly string[], status: 1 | 2, message: RegExp][] = [
  [["--source", "0"], 2, /must be different classes/],
  [["--target", "12", "--kv", ":memory:"], 2, /target must be an integer from 0 to 9, got 12/],
  [["--data-dir", "/no/such/folder", "--kv", ":memory:"], 1, /Cannot find train-images-idx3-ubyte/],
];
for (const [args, status, message] of failures) {
  Deno.test(`train --turbo ${args.join(" ")} ends with status ${status} and one line`, async () => {
    const outcome = await runCommand("train", ["--turbo", ...args]);
    assert.match(outcome.stderr, /^error: .*\n$/, "one line");
    assert.match(outcome.stderr, message);
    assert.deepEqual([outcome.status, outcome.stdout], [status, ""]);
  });
}

Deno.test("Ctrl-C ends both processes with one line, status 1 and nothing saved", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const command = startCommand("train", [...long, "--turbo", "--kv", path]);
    await command.waitFor(/^epoch 1\/\d+: 0 %/m);
    command.kill("SIGINT");
    // The second process holds the pipes too: the outcome comes when it is gone.
    const { status, stdout, stderr } = await command.outcome;
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /\nerror: stopped by Ctrl-C: nothing was saved; run the command again\n$/);
    assert.equal(stderr.match(/error/gi)?.length, 1);
    const models = await runCommand("models", ["list", "--kv", path, "--json"]);
    const sources = JSON.parse(models.stdout).models.map(({ source }: { source: string }) =>
      source
    );
    assert.ok(!sources.includes("kv"));
  }));

Deno.test("a signal that kills is handed on, and its status handed back", async () => {
  const command = startCommand("train", [...long, "--turbo", "--kv", ":memory:"]);
  await command.waitFor(/^epoch 1\/\d+: 0 %/m);
  command.kill("SIGTERM");
  const { status, stdout, stderr } = await command.outcome;
  assert.deepEqual([status, stdout], [128 + 15, ""]);
  assert.doesNotMatch(stderr, /error/);
});

Deno.test("Ctrl-C while demo --turbo trains ends with one line and nothing saved", () =>
  withFolder(async (folder) => {
    const demo = startCommand("demo", ["--port", "0", "--turbo", "--kv", `${folder}/kv.sqlite`]);
    await demo.waitFor(/^epoch 1\/\d+: 0 %/m);
    demo.kill("SIGINT");
    const { status, stdout, stderr } = await demo.outcome;
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /\nerror: stopped by Ctrl-C: nothing was saved; run the command again\n$/);
    assert.equal(stderr.match(/error/gi)?.length, 1);
  }));

Deno.test("the server has no --turbo", async () => {
  const { status, stdout, stderr } = await runCommand("start", ["--turbo"]);
  assert.deepEqual([status, stdout], [2, ""]);
  assert.match(stderr, /^error: unknown option '--turbo'/);
});

Deno.test("help says what --turbo gives up", async () => {
  for (const name of ["train", "evaluate", "demo"]) {
    const { stdout } = await runCommand(name, ["--help"]);
    const help = stdout.replace(/\s+/g, " ");
    for (const flag of TURBO_FLAGS) assert.ok(help.includes(flag));
    assert.match(help, /without bounds checks a faulty kernel would corrupt memory/);
  }
});

Deno.test("turbo's flags are known to V8; others are refused", async () => {
  await checkV8Flags(TURBO_FLAGS);
  await assert.rejects(checkV8Flags(["--no-wasm-bounds-checks", "--no-such-flag"]), {
    message: "Cannot run with --turbo: V8 must know the flags --no-wasm-bounds-checks and " +
      `--no-such-flag, got V8 ${Deno.version.v8} of Deno ${Deno.version.deno}, which does not; ` +
      "leave --turbo out",
  });
});
