import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { maxPoolGrad } from "../../../../lib/wasm/reference/max_pool.ts";
import type { Values } from "../../../../lib/wasm/reference/values.ts";
import { dot, numericGradient } from "../numeric_gradient.ts";
import { poolings, windowsOf } from "../poolings.ts";
import { assertValues, drawValues, evaluate, runKernel, toTensor } from "../values.ts";

Deno.test("MaxPoolGrad equals its reference to the last bit, ties and all-negative windows too", async () => {
  await fc.assert(
    fc.asyncProperty(poolings, fc.boolean(), async (pooling, isNegative) => {
      const windows = windowsOf(pooling);
      const [batch, , , channels] = pooling.x;
      // Eight magnitudes only: most windows hold their maximum more than once.
      const input = drawValues(pooling.x, { seed: pooling.seed });
      if (isNegative) input.data.forEach((value, i) => input.data[i] = -Math.abs(value));
      const dy = drawValues([batch, ...windows.outSize, channels], { seed: pooling.seed + 1 });
      const call = { inputs: { input, dy }, attrs: pooling.attrs };
      assertValues(
        await runKernel("wasm", tf.MaxPoolGrad, call),
        maxPoolGrad(input, dy, windows),
      );
    }),
    { numRuns: 200 },
  );
});

Deno.test("max pool's gradient equals the cpu backend's", async () => {
  for (const [size, strides, pad] of [[2, 2, "valid"], [3, 2, "same"], [3, 1, "same"]] as const) {
    const x = drawValues([2, 7, 6, 5], { seed: 3 });
    const compute = () =>
      tf.grad((input) => tf.square(tf.maxPool(input as tf.Tensor4D, size, strides, pad)))(
        toTensor(x),
      );
    assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute));
  }
});

Deno.test("max pool's gradient equals finite differences of its forward pass", async () => {
  // No two values alike, all below zero.
  const x: Values = {
    data: Float64Array.from({ length: 50 }, (_, i) => -1 - (i * 7 % 50)),
    shape: [1, 5, 5, 2],
  };
  const dy = drawValues([1, 3, 3, 2], { seed: 4 });
  const pool = (input: tf.Tensor) => tf.maxPool(input as tf.Tensor4D, 3, 2, "same");
  await tf.setBackend("wasm");
  const numeric = numericGradient(
    (moved) => {
      const y = tf.tidy(() => pool(toTensor(moved)).dataSync());
      return dot({ data: Float64Array.from(y), shape: dy.shape }, dy);
    },
    x,
    1 / 4,
  );
  assertValues(
    await evaluate("wasm", () => tf.grad(pool)(toTensor(x), toTensor(dy))),
    numeric,
  );
});

Deno.test("windows of minus infinity send their gradient to their first pixel", async () => {
  for (const channels of [1, 4]) {
    const shape = [1, 2, 2, channels];
    const input = { data: new Float64Array(4 * channels).fill(-Infinity), shape };
    const dy = { data: new Float64Array(channels).fill(3), shape: [1, 1, 1, channels] };
    const attrs = { filterSize: 2, strides: 2, pad: "valid" };
    const { data } = await runKernel("wasm", tf.MaxPoolGrad, { inputs: { input, dy }, attrs });
    assert.deepEqual([...data], [...Array(channels).fill(3), ...Array(3 * channels).fill(0)]);
  }
});

Deno.test("a NaN is the maximum only where its window begins with it", async () => {
  for (const channels of [1, 4]) {
    const expand = (values: number[]) => ({
      data: Float64Array.from(values.flatMap((value) => Array(channels).fill(value))),
      shape: [1, 2, 2, channels],
    });
    const dy = { data: new Float64Array(channels).fill(1), shape: [1, 1, 1, channels] };
    const attrs = { filterSize: 2, strides: 2, pad: "valid" };
    const run = (input: Values) =>
      runKernel("wasm", tf.MaxPoolGrad, { inputs: { input, dy }, attrs });
    assertValues(await run(expand([NaN, 1, 2, 3])), expand([1, 0, 0, 0]));
    assertValues(await run(expand([1, NaN, 3, 2])), expand([0, 0, 1, 0]));
  }
});

Deno.test("a gradient of another batch than the input's is refused", async () => {
  await tf.setBackend("wasm");
  const attrs = { filterSize: 2, strides: 2, pad: "valid" as const };
  tf.tidy(() =>
    assert.throws(
      () =>
        tf.engine().runKernel(
          tf.MaxPoolGrad,
          { input: tf.ones([2, 2, 2, 1]), dy: tf.ones([3, 1, 1, 1]) },
          attrs,
        ),
      /dy must be of shape \[2,1,1,1\], got \[3,1,1,1\]/,
    )
  );
});
