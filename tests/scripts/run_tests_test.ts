import assert from "node:assert/strict";
import { turboPaths } from "../run_tests.ts";
import { runCommand } from "./run_command.ts";

const all = ["tests/lib/engine", "tests/lib/train", "tests/lib/wasm"];
const cases: readonly [paths: readonly string[], again: readonly string[]][] = [
  [["lib", "routes", "scripts", "tests"], all],
  [["."], all],
  [["./tests/lib/"], all],
  [["tests/lib/wasm"], ["tests/lib/wasm"]],
  [["tests/lib/wasm/kernels", "tests/lib/train/"], ["tests/lib/wasm/kernels", "tests/lib/train/"]],
  [["tests/lib/train/train_test.ts"], ["tests/lib/train/train_test.ts"]],
  [["tests/lib/trigger", "tests/lib/train_more", "lib/wasm"], []],
];
for (const [paths, again] of cases) {
  Deno.test(`of ${paths.join(", ")}, the kernels' tests run again under turbo's flags`, () => {
    assert.deepEqual(turboPaths(paths), again);
  });
}

/** Runs tests that fail under any seed; answers with the seed that is printed, and what they drew. */
async function drawnUnder(args: readonly string[]): Promise<{ seed: number; drawn: string }> {
  // Nothing of this is used, and nothing may be installed.
  const tools = ["CHROMIUM", "DENOKV", "ART", "OIP_CLIENTS", "KSERVE", "SCHEMATHESIS"];
  const env = Object.fromEntries(tools.map((tool) => [`EDGEDOOR_TEST_${tool}`, "-"]));
  const program = "tests/scripts/random_seed_program.ts";
  const { status, stdout, stderr } = await runCommand("../tests/run_tests", [...args, program], {
    env,
  });
  assert.deepEqual([status, stdout], [1, "0 passed, 2 failed\n"]);
  return {
    seed: Number(/^tests draw by seed (\d+);/.exec(stderr)?.[1]),
    drawn: /drawn: \S+/.exec(stderr)![0],
  };
}

Deno.test("tests draw by one seed, which is 1, chosen, or new and printed; all of them can fail", async () => {
  const first = await drawnUnder([]);
  assert.equal(first.seed, 1);
  assert.deepEqual(await drawnUnder(["--seed", "1"]), first);
  assert.notEqual((await drawnUnder(["--seed", "2"])).drawn, first.drawn);
  const random = await drawnUnder(["--random"]);
  assert.deepEqual(await drawnUnder(["--seed", String(random.seed)]), random);
});

Deno.test("a seed is not chosen and new at once", async () => {
  const { status, stderr } = await runCommand("../tests/run_tests", ["--random", "--seed", "1"]);
  assert.equal(status, 2);
  assert.match(stderr, /'--random' cannot be used with option '--seed <n>'/);
});
