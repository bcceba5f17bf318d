import fc from "fast-check";
import assert from "node:assert/strict";
import { RELU } from "../../../../lib/wasm/interface/dense.ts";
import { matMul } from "../../../../lib/wasm/reference/mat_mul.ts";
import { createGuardedMemory, guardedMemories, toValues } from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

for (const { name, create } of guardedMemories) {
  Deno.test(`matrix products stay within their blocks, ${name}`, () => {
    const { module, run } = create();
    const size = fc.integer({ min: 1, max: 20 });
    const depth = fc.oneof(size, fc.integer({ min: 510, max: 520 }));
    fc.assert(
      fc.property(
        fc.tuple(size, size, depth, fc.nat(), fc.nat()),
        fc.tuple(fc.boolean(), fc.boolean()),
        ([m, n, k, seed, last], [transposeA, transposeB]) => {
          const a = drawValues([1, ...(transposeA ? [k, m] : [m, k])], { seed });
          const b = drawValues([1, ...(transposeB ? [n, k] : [k, n])], { seed: seed + 1 });
          const bias = drawValues([n], { seed: seed + 2 });
          const result = run({
            blocks: { a, b, c: m * n * 4, bias, scratch: module.matMulScratch(n, k) },
            last,
            call: (at) => {
              const [aRow, aStep] = transposeA ? [4, m * 4] : [k * 4, 4];
              const [bRow, bStep] = transposeB ? [4, k * 4] : [n * 4, 4];
              const from = [at.a, aRow, aStep, at.b, bRow, bStep] as const;
              module.matMul(...from, at.c, n * 4, m, n, k, at.bias, RELU, at.scratch);
            },
          });
          const expected = matMul(a, b, { transposeA, transposeB, bias });
          expected.data.forEach((value, i) => expected.data[i] = Math.max(0, value));
          assertValues(toValues(result("c"), expected.shape), expected);
        },
      ),
      { numRuns: 150 },
    );
  });
}

Deno.test("sizes that no memory holds make scratch that none holds, not a small one", () => {
  const { module } = createGuardedMemory();
  assert.ok(module.matMulScratch(2 ** 30, 512) > 2 ** 32);
});
