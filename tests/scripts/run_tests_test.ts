import assert from "node:assert/strict";
import { turboPaths } from "../../scripts/run_tests.ts";

const cases: readonly [paths: readonly string[], again: readonly string[]][] = [
  [["lib", "routes", "scripts", "tests"], ["tests/lib/train", "tests/lib/wasm"]],
  [["."], ["tests/lib/train", "tests/lib/wasm"]],
  [["./tests/lib/"], ["tests/lib/train", "tests/lib/wasm"]],
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
