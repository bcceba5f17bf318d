import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { reluGrad } from "../../../../lib/wasm/reference/relu_grad.ts";
import { assertValues, drawValues, evaluate, runKernel, toTensor } from "../values.ts";

Deno.test("ReLU's gradient equals its reference and the cpu backend to the last bit", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(30), fc.nat(), async (size, seed) => {
      const x = drawValues([size], { seed, density: 0.8 });
      const dy = drawValues([size], { seed: seed + 1, density: 0.8 });
      const compute = () => tf.grad((input) => tf.relu(input))(toTensor(x), toTensor(dy));
      assertValues(await evaluate("wasm", compute), reluGrad(x, dy));
      assertValues(await evaluate("cpu", compute), reluGrad(x, dy));
    }),
  );
});

Deno.test("where x is no positive number, nothing of dy comes through", async () => {
  const x = { data: Float64Array.from([NaN, -1, 0, -Infinity, Infinity]), shape: [5] };
  const dy = { data: Float64Array.from([1, NaN, Infinity, 1, 7]), shape: [5] };
  const actual = await runKernel("wasm", "edgedoor/ReluGrad", { inputs: { x, dy } });
  assert.deepEqual([...actual.data], [0, 0, 0, 0, 7]);
  assertValues(actual, reluGrad(x, dy));
});

Deno.test("ReLU can be differentiated twice", async () => {
  const x = drawValues([9], { seed: 1 });
  const compute = () => {
    const cube = (input: tf.Tensor) => tf.sum(tf.pow(tf.relu(input), 3));
    return tf.grad((input) => tf.sum(tf.grad(cube)(input)))(toTensor(x));
  };
  assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute), 1e-5);
});

Deno.test("a gradient of another shape than x is refused", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() =>
    assert.throws(
      () => tf.engine().runKernel("edgedoor/ReluGrad", { x: tf.ones([3]), dy: tf.ones([4]) }),
      /Cannot take ReLU's gradient/,
    )
  );
});
