import assert from "node:assert/strict";
import { turboPaths } from "../../scripts/run_tests.ts";

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
