import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { conv2d } from "../../../../lib/wasm/reference/conv2d.ts";
import { type Convolution, convolutions, drawConvolution } from "../convolutions.ts";
import { dot, numericGradient } from "../numeric_gradient.ts";
import { assertValues, drawValues, evaluate, runKernel, toTensor } from "../values.ts";

function attributes({ attrs, filter }: Convolution): object {
  return { ...attrs, filterShape: filter };
}

Deno.test("Conv2DBackpropFilter equals its reference to the last bit, whatever share of dy is zero", async () => {
  await fc.assert(
    fc.asyncProperty(convolutions({ maxDilation: 3 }), async (convolution) => {
      const { x, dy, dFilter } = drawConvolution(convolution);
      const call = { inputs: { x, dy }, attrs: attributes(convolution) };
      assertValues(await runKernel("wasm", tf.Conv2DBackpropFilter, call), dFilter());
    }),
    { numRuns: 300 },
  );
});

Deno.test("Conv2DBackpropFilter equals the cpu backend's", async () => {
  await fc.assert(
    fc.asyncProperty(convolutions({ minBatch: 1 }), async (convolution) => {
      const { x, dy } = drawConvolution(convolution);
      const call = { inputs: { x, dy }, attrs: attributes(convolution) };
      assertValues(
        await runKernel("wasm", tf.Conv2DBackpropFilter, call),
        await runKernel("cpu", tf.Conv2DBackpropFilter, call),
      );
    }),
    { numRuns: 100 },
  );
});

Deno.test("tf.grad of a convolution to its filter equals finite differences", async () => {
  const convolution: Convolution = {
    x: [2, 6, 5, 3],
    filter: [3, 2, 3, 9],
    attrs: { strides: [2, 1], pad: "same", dataFormat: "NHWC", dilations: 1 },
    seed: 5,
    density: 1,
  };
  const { x, filter, dy, windows } = drawConvolution(convolution);
  const numeric = numericGradient((moved) => dot(conv2d(x, moved, windows), dy), filter);
  const actual = await evaluate("wasm", () => {
    const y = (weights: tf.Tensor) =>
      tf.conv2d(toTensor<tf.Rank.R4>(x), weights as tf.Tensor4D, [2, 1], "same");
    return tf.grad(y)(toTensor(filter), toTensor(dy));
  });
  assertValues(actual, numeric, 1e-9);
});

Deno.test("a gradient of which a quarter is not zero skips the zeros, one of which more is does not", async () => {
  const x = drawValues([1, 2, 2, 1], { seed: 1 });
  x.data.fill(Infinity);
  const attrs = { strides: 1, pad: "valid", dataFormat: "NHWC", filterShape: [1, 1, 1, 1] };
  const run = (values: number[]) => {
    const dy = { data: Float64Array.from(values), shape: [1, 2, 2, 1] };
    return runKernel("wasm", tf.Conv2DBackpropFilter, { inputs: { x, dy }, attrs });
  };
  assert.deepEqual([...(await run([0, 0, 1, 0])).data], [Infinity]);
  assert.deepEqual([...(await run([0, 1, 1, 0])).data], [NaN]);
});

Deno.test("a NaN in dy counts as not zero and reaches the filter's gradient", async () => {
  const x = drawValues([1, 3, 3, 1], { seed: 1 });
  const dy = drawValues([1, 3, 3, 1], { seed: 1, density: 0 });
  dy.data[4] = NaN;
  const attrs = { strides: 1, pad: "valid", dataFormat: "NHWC", filterShape: [1, 1, 1, 1] };
  const { data } = await runKernel("wasm", tf.Conv2DBackpropFilter, { inputs: { x, dy }, attrs });
  assert.deepEqual([...data], [NaN]);
});

Deno.test("a gradient that does not fit the images is refused", async () => {
  await tf.setBackend("wasm");
  const before = tf.backend().numDataIds();
  const run = (dyShape: number[], dataFormat: string) =>
    tf.tidy(() =>
      tf.engine().runKernel(
        tf.Conv2DBackpropFilter,
        { x: tf.ones([2, 3, 3, 1]), dy: tf.ones(dyShape) },
        { strides: 1, pad: "valid", dataFormat, filterShape: [1, 1, 1, 4] },
      )
    );
  assert.throws(
    () => run([1, 3, 3, 4], "NHWC"),
    /dy must be of shape \[2,3,3,4\], got \[1,3,3,4\]/,
  );
  assert.throws(() => run([2, 3, 3, 5], "NHWC"), /got \[2,3,3,5\]/);
  assert.throws(() => run([2, 3, 3, 4], "NCHW"), /dataFormat must be NHWC/);
  assert.equal(tf.backend().numDataIds(), before);
});
