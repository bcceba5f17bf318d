import assert from "node:assert/strict";
import { runCommand, withFolder } from "../run_command.ts";

for (
  const [name, task] of [
    ["micro", "bench"],
    ["train", "bench:train"],
    ["scale", "bench:scale"],
    ["serve", "bench:serve"],
  ]
) {
  Deno.test(`${task} --help prints usage and examples`, async () => {
    const { status, stdout, stderr } = await runCommand(`bench/${name}`, ["--help"]);
    assert.deepEqual([status, stderr], [0, ""]);
    assert.match(stdout, new RegExp(`^Usage: deno task ${task} \\[options\\]`));
    assert.match(stdout, /--rounds[^]*--quick[^]*--save/);
  });
}

Deno.test("bench --quick times kernels, operations and networks under both flag settings", async () => {
  const args = ["--quick", "--only", "badnets", "--json"];
  const { status, stdout, stderr } = await runCommand("bench/micro", args);
  assert.equal(status, 0, stderr);
  const { results, machine, command } = JSON.parse(stdout);
  assert.equal(command, "deno task bench --quick --only badnets");
  assert.equal(machine.deno, Deno.version.deno);
  assert.deepEqual(Object.keys(results), ["bench kernels", "bench operations", "bench networks"]);
  assert.deepEqual(Object.keys(results["bench operations"]), [
    "default flags",
    "stock, default flags",
    "turbo",
    "stock, turbo",
  ]);
  const { figures } = results["bench kernels"].turbo;
  assert.ok(figures["conv2d, badnets conv2: 12×12×16 → 8×8×32, 5×5"].median > 0);
  const stock = Object.keys(results["bench operations"]["stock, default flags"].figures);
  assert.ok(stock.some((name) => name.startsWith("Conv2DBackpropInput")));
  assert.ok(!stock.some((name) => name.startsWith("Conv2DBackpropFilter")), "tfjs has none");
});

Deno.test("bench --only measures nothing that has no such name", async () => {
  const args = ["--quick", "--only", "gradient to the images, badnets", "--json"];
  const { status, stdout, stderr } = await runCommand("bench/micro", args);
  assert.equal(status, 0, stderr);
  assert.deepEqual(Object.keys(JSON.parse(stdout).results), ["bench networks"]);
  assert.doesNotMatch(stderr, /^(kernels|operations), round/m);
});

Deno.test("bench:train --quick compares with peers, whose answers it reads", () =>
  withFolder(async (folder) => {
    // In Python's place: what a peer's program prints.
    const python = `${folder}/python`;
    const answer = { figures: { training: 10, evaluation: 20 }, about: { version: "Peer 1" } };
    await Deno.writeTextFile(python, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`);
    await Deno.chmod(python, 0o755);
    const args = ["--network", "badnets", "--quick", "--peers", "--python", python];
    const { status, stdout, stderr } = await runCommand("bench/train", args);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^badnets: images a second\n/);
    assert.match(stdout, /\nPyTorch +10\.0 .* Peer 1\n/);
    assert.match(stdout, /\ntraining: edgedoor, \d+ workers? to PyTorch +[\d,.]+× \(/);
    assert.match(stdout, /\nevaluation: edgedoor --turbo, \d+ workers? to PyTorch +[\d,.]+× \(/);
    assert.match(stderr, /^badnets, PyTorch's memory formats: channels last 10\.0/m);
  }));

Deno.test("bench:train --end-to-end runs the task itself", async () => {
  const args = ["--end-to-end", "--quick", "--json"];
  const { status, stdout, stderr } = await runCommand("bench/train", args);
  assert.equal(status, 0, stderr);
  const { variants } = JSON.parse(stdout).results["bench:train end to end"];
  assert.deepEqual(Object.keys(variants), ["deno task train", "deno task train --turbo"]);
  assert.ok(variants["deno task train"].figures.seconds.median > 0);
});

Deno.test("bench:scale --quick measures each size", async () => {
  const args = ["--network", "badnets", "--quick"];
  const { status, stdout, stderr } = await runCommand("bench/scale", args);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /\n +128 +[\d,]+ [^]*\n +256 +[\d,]+ /);
});

const mistakes: readonly [name: string, args: readonly string[], message: RegExp][] = [
  ["micro", ["--rounds", "0"], /must be an integer from 1/],
  [
    "micro",
    ["--only", "nosuch"],
    /^error: Cannot measure: no name contains "nosuch" \(--only\); .*\n$/,
  ],
  ["micro", ["--save", "--only", "adam"], /--only cannot be combined with --save/],
  ["scale", ["--save", "--quick"], /--quick cannot be combined with --save/],
  ["train", ["--network", "lenet"], /must be one of article, badnets, resnet/],
  ["train", ["--end-to-end", "--network", "badnets"], /--network and --images cannot be combined/],
  ["train", ["--python", "python3"], /--python must come with --peers/],
  ["serve", ["--python", "python3"], /--python must come with --peers/],
  ["serve", ["--only", "latency"], /must be one of single, saturation, rate/],
  ["serve", ["--save", "--seconds", "1"], /--seconds cannot be combined with --save/],
];
for (const [name, args, message] of mistakes) {
  Deno.test(`bench/${name} ${args.join(" ")} is wrong usage`, async () => {
    const outcome = await runCommand(`bench/${name}`, args);
    assert.match(outcome.stderr, message);
    assert.deepEqual([outcome.status, outcome.stdout], [2, ""]);
  });
}
