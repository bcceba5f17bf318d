import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { poolings } from "../poolings.ts";
import { assertValues, drawValues, evaluate, runKernel } from "../values.ts";

for (const kernel of [tf.MaxPool, tf.AvgPool]) {
  Deno.test(`${kernel} equals the cpu backend's, whatever its padding and rounding`, async () => {
    await fc.assert(
      fc.asyncProperty(poolings, async ({ x, attrs, seed }) => {
        const call = { inputs: { x: drawValues(x, { seed }) }, attrs };
        assertValues(
          await runKernel("wasm", kernel, call),
          await runKernel("cpu", kernel, call),
          1e-6,
        );
      }),
      { numRuns: 500 },
    );
  });

  Deno.test(`${kernel} of windows that do not fit, or of integers, is refused`, async () => {
    await tf.setBackend("wasm");
    const run = (dtype: "float32" | "int32", pad: number) =>
      tf.tidy(() =>
        tf.engine().runKernel(kernel, { x: tf.ones([1, 2, 2, 1], dtype) }, {
          ...{ filterSize: 5, strides: 1, pad },
        })
      );
    assert.throws(() => run("float32", 0), {
      name: "RangeError",
      message: /the filter must fit into the padded images, got \[5\] on \[1,2,2,1\]/,
    });
    if (kernel === tf.MaxPool) assert.throws(() => run("int32", 2), /float32/);
  });
}

Deno.test("pooling by numbers that the filter's sides share unequally leaves its neighbours whole", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() => {
    const x = tf.randomNormal<tf.Rank.R4>([1, 13, 11, 12], 0, 1, "float32", 1);
    // As many bytes as a result, behind and between which results come to lie.
    const neighbours = Array.from({ length: 20 }, () => tf.fill([1, 10, 8, 12], 7));
    for (const neighbour of neighbours.splice(0, 10)) neighbour.dispose();
    for (let i = 0; i < 10; i++) tf.avgPool(x, [4, 3], 1, 0);
    for (const neighbour of neighbours) {
      assert.ok(neighbour.dataSync().every((value) => value === 7));
    }
  });
});

Deno.test("a window of padding alone has no maximum and no mean", async () => {
  const compute = (pool: typeof tf.maxPool | typeof tf.avgPool) => () =>
    pool(tf.ones([1, 2, 2, 1]) as tf.Tensor4D, 1, 1, 1);
  const [none, one] = [await evaluate("wasm", compute(tf.maxPool)), [5, 6, 9, 10]];
  const maxima = Array.from({ length: 16 }, (_, i) => one.includes(i) ? 1 : -Infinity);
  assert.deepEqual([...none.data], maxima);
  const means = await evaluate("wasm", compute(tf.avgPool));
  assert.deepEqual([...means.data], maxima.map((value) => value === 1 ? 1 : NaN));
});
