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

Deno.test("Mean over leading axes, and its gradient, equal their definitions", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 2, maxLength: 4 }),
      fc.nat(),
      fc.nat(),
      fc.boolean(),
      async (shape, seed, split, keepDims) => {
        const axes = 1 + split % (shape.length - 1);
        const axis = Array.from({ length: axes }, (_, i) => i);
        const x = drawValues(shape, { seed });
        const total = sum(x, axes);
        const count = x.data.length / total.data.length;
        const kept = keepDims ? [...axis.map(() => 1), ...total.shape] : total.shape;
        const attrs = { axis, keepDims };
        assertValues(
          await runKernel("wasm", tf.Mean, { inputs: { x }, attrs }),
          { data: total.data.map((value) => value / count), shape: kept },
          1e-6,
        );
        const dy = drawValues(kept, { seed: seed + 1 });
        const gradient = await evaluate(
          "wasm",
          () => tf.grad((input) => tf.mean(input, axis, keepDims))(toTensor(x), toTensor(dy)),
        );
        const data = x.data.map((_, i) => dy.data[i % dy.data.length]! / count);
        assertValues(gradient, { data, shape }, 1e-6);
      },
    ),
    { numRuns: 200 },
  );
});

Deno.test("Mean over other axes, and its gradient, equal the cpu backend's", async () => {
  const x = drawValues([3, 4, 5], { seed: 1 });
  for (const axis of [undefined, 0, -1, [1, 2], [1, 0], [0, 2]]) {
    const compute = () => tf.grad((input) => tf.square(tf.mean(input, axis)))(toTensor(x));
    assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute), 1e-6);
  }
});

Deno.test("a mean can be differentiated twice", async () => {
  const x = drawValues([4, 3], { seed: 1 });
  const compute = () => {
    const cube = (input: tf.Tensor) => tf.sum(tf.pow(tf.mean(input, 0), 3));
    return tf.grad((input) => tf.sum(tf.square(tf.grad(cube)(input))))(toTensor(x));
  };
  assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute), 1e-5);
});
