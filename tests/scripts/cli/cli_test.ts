import assert from "node:assert/strict";
import { type Outcome, type RunningCommand, startProgram } from "../run_command.ts";

function start(args: readonly string[]): RunningCommand {
  return startProgram(["-q", "-A", "tests/scripts/cli/cli_program.ts", ...args]);
}

const cases: readonly [what: string, args: readonly string[], outcome: Outcome][] = [
  ["an answer is text for people", ["good"], { status: 0, stdout: "forty-two\n", stderr: "" }],
  [
    "an answer is JSON where it is asked for",
    ["good", "--json"],
    { status: 0, stdout: '{\n  "answer": 42\n}\n', stderr: "" },
  ],
  ["bad news are an answer with status 1", ["bad"], {
    status: 1,
    stdout: "not well\n",
    stderr: "",
  }],
  ["an answer without text prints nothing to people", ["told"], {
    status: 0,
    stdout: "",
    stderr: "",
  }],
  ["an answer without text is still JSON", ["told", "--json"], {
    status: 0,
    stdout: "[]\n",
    stderr: "",
  }],
  ["an error is one line, whatever it holds", ["fail"], {
    status: 1,
    stdout: "",
    stderr: "error: Cannot go on: no way; go back\n",
  }],
  ["what is no error is told too", ["throw"], {
    status: 1,
    stdout: "",
    stderr: "error: a text\n",
  }],
  ["wrong usage has a status of its own", ["usage"], {
    status: 2,
    stdout: "",
    stderr: "error: Cannot begin: begin anew\n",
  }],
  ["an option out of range is wrong usage", ["range"], {
    status: 2,
    stdout: "",
    stderr: "error: Cannot begin: 3 is too many\n",
  }],
  ["a failure of another kind is none", ["type"], {
    status: 1,
    stdout: "",
    stderr: "error: Cannot go on: 3 is no text\n",
  }],
  ["an unknown option is one line, with what was meant", ["good", "--jsn"], {
    status: 2,
    stdout: "",
    stderr: "error: unknown option '--jsn' (Did you mean --json?)\n",
  }],
  ["an unknown part is wrong usage", ["god"], {
    status: 2,
    stdout: "",
    stderr: "error: unknown command 'god' (Did you mean good?)\n",
  }],
];
for (const [what, args, outcome] of cases) {
  Deno.test(what, async () => {
    assert.deepEqual(await start(args).outcome, outcome);
  });
}

Deno.test("a large document reaches the other end of a pipe whole", async () => {
  const { status, stdout } = await start(["large", "--json"]).outcome;
  assert.deepEqual([status, stdout.length], [0, 5_000_003]);
});

Deno.test("the first Ctrl-C ends a command in order", async () => {
  const command = start(["wait"]);
  await command.waitFor(/waiting/);
  command.kill("SIGINT");
  assert.deepEqual(await command.outcome, {
    status: 1,
    stdout: "",
    stderr: "waiting\nerror: stopped by Ctrl-C: begin again\n",
  });
});

Deno.test("the second Ctrl-C kills a command that does not look", async () => {
  const command = start(["stubborn"]);
  await command.waitFor(/waiting/);
  command.kill("SIGINT");
  await command.waitFor(/going on/);
  // In the half second after the first is heard, others are taken for it; later ones kill.
  const again = setInterval(() => command.kill("SIGINT"), 100);
  const outcome = await command.outcome;
  clearInterval(again);
  assert.deepEqual(outcome, { status: 130, stdout: "", stderr: "waiting\ngoing on\n" });
});

Deno.test("a Ctrl-C that arrives twice, as through deno task, is one", async () => {
  const command = start(["slow"]);
  await command.waitFor(/waiting/);
  command.kill("SIGINT");
  await command.waitFor(/ending/);
  command.kill("SIGINT");
  assert.deepEqual(await command.outcome, {
    status: 1,
    stdout: "",
    stderr: "waiting\nending\nerror: stopped by Ctrl-C: begin again\n",
  });
});

Deno.test("Ctrl-C kills again where nothing listens any more", async () => {
  const command = start(["released"]);
  await command.waitFor(/waiting/);
  command.kill("SIGINT");
  assert.equal((await command.outcome).status, 130);
});
