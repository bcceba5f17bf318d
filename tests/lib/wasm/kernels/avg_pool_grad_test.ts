import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import "../../../../lib/wasm/mod.ts";
import { avgPoolGrad } from "../../../../lib/wasm/reference/avg_pool.ts";
import { dot, numericGradient } from "../numeric_gradient.ts";
import { poolings, windowsOf } from "../poolings.ts";
import { assertValues, drawValues, evaluate, runKernel, toTensor } from "../values.ts";

Deno.test("AvgPoolGrad equals its reference", async () => {
  await fc.assert(
    fc.asyncProperty(poolings, async (pooling) => {
      const windows = windowsOf(pooling);
      const [batch, , , channels] = pooling.x;
      const input = drawValues(pooling.x, { seed: pooling.seed });
      const dy = drawValues([batch, ...windows.outSize, channels], { seed: pooling.seed + 1 });
      const call = { inputs: { input, dy }, attrs: pooling.attrs };
      assertValues(await runKernel("wasm", tf.AvgPoolGrad, call), avgPoolGrad(dy, windows), 1e-6);
    }),
    { numRuns: 200 },
  );
});

Deno.test("average pool's gradient equals the cpu backend's where nothing is padded", async () => {
  for (const [size, strides] of [[2, 2], [3, 2], [3, 1]] as const) {
    const x = drawValues([2, 7, 6, 5], { seed: 3 });
    const compute = () =>
      tf.grad((input) => tf.square(tf.avgPool(input as tf.Tensor4D, size, strides, "valid")))(
        toTensor(x),
      );
    assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute), 1e-6);
  }
});

Deno.test("average pool's gradient equals finite differences of its forward pass, padding or not", async () => {
  const x = drawValues([1, 5, 5, 2], { seed: 3 });
  for (const pad of ["same", "valid"] as const) {
    const pool = (input: tf.Tensor) => tf.avgPool(input as tf.Tensor4D, 3, 2, pad);
    await tf.setBackend("wasm");
    const y = tf.tidy(() => pool(toTensor(x)).shape);
    const dy = drawValues(y, { seed: 4 });
    const numeric = numericGradient(
      (moved) => {
        const data = Float64Array.from(tf.tidy(() => pool(toTensor(moved)).dataSync()));
        return dot({ data, shape: y }, dy);
      },
      x,
      1,
    );
    assertValues(
      await evaluate("wasm", () => tf.grad(pool)(toTensor(x), toTensor(dy))),
      numeric,
      1e-5,
    );
  }
});
