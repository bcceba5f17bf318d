import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { startProgram, withFolder } from "../run_command.ts";

const program = "tests/scripts/cli/progress_program.ts";

Deno.test("where there is no terminal, a line comes at once and then every ten seconds of each run", async () => {
  const { status, stdout, stderr } = await startProgram(["-A", program]).outcome;
  const run = (number: number) => [
    "epoch 1/2: 3 %, loss 2.0000, 100 images/s",
    "epoch 1/2: 36 %, loss 0.1818, 100 images/s, 19 s left",
    `epoch 1 of run ${number} is over`,
    "epoch 2/2: 70 %, loss 0.0952, 100 images/s, 9 s left",
    `epoch 2 of run ${number} is over`,
  ];
  assert.deepEqual([status, stdout], [0, ""]);
  assert.equal(stderr, [...run(1), ...run(2), ""].join("\n"));
});

Deno.test("what is waited for is said at once, after ten seconds again, and when it is over", async () => {
  const { status, stderr } = await startProgram(["-A", program, "wait"]).outcome;
  assert.equal(status, 0);
  assert.equal(stderr, "fetching\nfetching: 10 s so far\nfetching: 20 s so far\ndone in 25 s\n");
});

/** Runs the program on a terminal of 100 columns (util-linux `script`); answers with what it sent. */
async function onTerminal(args: readonly string[]): Promise<{ status: number; sent: string }> {
  let result = { status: -1, sent: "" };
  await withFolder(async (folder) => {
    const log = `${folder}/log`;
    const { code } = await new Deno.Command("script", {
      args: [
        ...["--quiet", "--return", "--command"],
        `stty cols 100 && exec ${Deno.execPath()} run -A ${program} ${args.join(" ")}`,
        log,
      ],
      cwd: fileURLToPath(new URL("../../../", import.meta.url)),
      stdin: "null",
      stdout: "null",
    }).output();
    result = { status: code, sent: await Deno.readTextFile(log) };
  });
  return result;
}

/** Modes that a program sets on a terminal, and has to take back: cursor, wrapping, second screen. */
// deno-lint-ignore no-control-regex -- they begin with the control character ESC.
const MODES = /\x1b\[\?\d+[hl]/g;

Deno.test("on a terminal it is a bar, above which the notes stand, each on a line of its own", async () => {
  const { status, sent } = await onTerminal([]);
  assert.equal(status, 0);
  assert.match(sent, /epoch 1\/2 [█░]{16} \d+% · loss \d\.\d{4} · 100 images\/s · \d+ s left/);
  assert.doesNotMatch(sent, /[{}]|undefined|NaN/, "a bar with names in place of figures");
  for (const run of [1, 2]) {
    for (const epoch of [1, 2]) {
      // The bar is wiped before (ESC [ 2 K, from column 1), and the line is ended after.
      const note = new RegExp(`\x1b\\[1G\x1b\\[2Kepoch ${epoch} of run ${run} is over\r\n`);
      assert.match(sent, note);
    }
  }
  assert.equal(sent.match(MODES), null);
});

Deno.test("on a terminal, what is waited for is a line with its time", async () => {
  const { status, sent } = await onTerminal(["wait"]);
  assert.equal(status, 0);
  assert.match(sent, /fetching · \d+ s/);
  assert.doesNotMatch(sent, /[{}]|undefined|NaN|█|░/);
  assert.match(sent, /done in 25 s\r\n$/m);
});

Deno.test("a process that is killed leaves the terminal as it was", async () => {
  const { status, sent } = await onTerminal(["kill"]);
  assert.equal(status, 128 + 9);
  assert.match(sent, /epoch 2\/2 █/);
  assert.equal(sent.match(MODES), null);
});
