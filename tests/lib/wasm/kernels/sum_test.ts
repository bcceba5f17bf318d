import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { sum } from "../../../../lib/wasm/reference/sum.ts";
import { assertValues, drawValues, evaluate, runKernel, toTensor } from "../values.ts";

const shapes = fc.array(fc.integer({ min: 0, max: 7 }), { minLength: 2, maxLength: 4 });

Deno.test("Sum over leading axes equals its reference to the last bit", async () => {
  await fc.assert(
    fc.asyncProperty(shapes, fc.nat(), fc.nat(), async (shape, seed, split) => {
      const axes = 1 + split % (shape.length - 1);
      const x = drawValues(shape, { seed });
      const attrs = { axis: Array.from({ length: axes }, (_, i) => i), keepDims: false };
      assertValues(await runKernel("wasm", tf.Sum, { inputs: { x }, attrs }), sum(x, axes));
    }),
    { numRuns: 200 },
  );
});

Deno.test("Sum over any axes of any type equals the cpu backend's", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }),
      fc.nat(15),
      fc.boolean(),
      fc.constantFrom("float32" as const, "int32" as const, "bool" as const),
      fc.nat(),
      async (shape, subset, keepDims, dtype, seed) => {
        const axes = shape.map((_, i) => i).filter((i) => (subset >> i) & 1);
        const x = drawValues(shape, { seed, density: 0.8 });
        const typed = () =>
          dtype === "bool" ? tf.greater(toTensor(x), 0) : tf.cast(toTensor(x), dtype);
        const compute = () => tf.sum(typed(), axes, keepDims);
        assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute));
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("a negative axis, and axes out of order, mean what tfjs has them mean", async () => {
  const x = drawValues([3, 4, 5], { seed: 1 });
  for (const axis of [-3, [1, 0], [-2, -3]]) {
    const compute = () => tf.sum(toTensor(x), axis);
    assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute));
  }
});

Deno.test("a long sum loses nothing to the order of its terms", async () => {
  const { data } = await evaluate("wasm", () => tf.sum(tf.fill([200_000, 9], 0.1), 0));
  const exact = 200_000 * Math.fround(0.1);
  for (const value of data) {
    assert.ok(Math.abs(value - exact) < 1e-5 * exact, `${value} for ${exact}`);
  }
});

Deno.test("NaN and infinity show in their column alone", async () => {
  const x = { data: Float64Array.from([1, NaN, Infinity, 1, 1, 1]), shape: [2, 3] };
  const { data } = await runKernel("wasm", tf.Sum, {
    inputs: { x },
    attrs: { axis: [0], keepDims: false },
  });
  assert.deepEqual([...data], [2, NaN, Infinity]);
});
