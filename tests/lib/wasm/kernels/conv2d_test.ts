import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { convolutions, drawConvolution } from "../convolutions.ts";
import { assertValues, drawValues, evaluate, runKernel, toTensor } from "../values.ts";

Deno.test("Conv2D equals its reference and the cpu backend to the last bit", async () => {
  await fc.assert(
    fc.asyncProperty(convolutions({ maxDilation: 3 }), async (convolution) => {
      const { x, filter, y } = drawConvolution(convolution);
      const call = { inputs: { x, filter }, attrs: convolution.attrs };
      const expected = y();
      assertValues(await runKernel("wasm", tf.Conv2D, call), expected);
      assertValues(await runKernel("cpu", tf.Conv2D, call), expected);
    }),
    { numRuns: 150 },
  );
});

Deno.test("FusedConv2D adds the bias and clamps at zero", async () => {
  await fc.assert(
    fc.asyncProperty(convolutions(), fc.boolean(), async (convolution, clamps) => {
      const { x, filter, bias, yWithBias } = drawConvolution(convolution);
      const expected = yWithBias();
      if (clamps) expected.data.forEach((value, i) => expected.data[i] = Math.max(0, value));
      const attrs = { ...convolution.attrs, activation: clamps ? "relu" : "linear" };
      assertValues(
        await runKernel("wasm", tf.FusedConv2D, { inputs: { x, filter, bias }, attrs }),
        expected,
      );
    }),
    { numRuns: 80 },
  );
});

for (const activation of ["relu6", "sigmoid", "elu", "prelu", "leakyrelu"] as const) {
  Deno.test(`a fused convolution ends in ${activation} as on the cpu backend`, async () => {
    const x = drawValues([2, 5, 5, 3], { seed: 1 });
    const filter = drawValues([3, 3, 3, 9], { seed: 2 });
    const alpha = drawValues([9], { seed: 3 });
    const compute = () =>
      tf.fused.conv2d({
        x: toTensor<tf.Rank.R4>(x),
        filter: toTensor<tf.Rank.R4>(filter),
        strides: 1,
        pad: "same",
        activation,
        preluActivationWeights: activation === "prelu" ? toTensor(alpha) : undefined,
        leakyreluAlpha: 0.1,
      });
    assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute), 1e-6);
  });
}

Deno.test("convolution of float values is exact to 5e-6, by Winograd", async () => {
  const compute = () =>
    tf.conv2d(
      tf.randomNormal<tf.Rank.R4>([2, 12, 12, 32], 0, 1, "float32", 1),
      tf.randomNormal<tf.Rank.R4>([3, 3, 32, 20], 0, 0.06, "float32", 2),
      1,
      "same",
    );
  assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute), 5e-6);
});

Deno.test("NaN and infinity go through a convolution and its ReLU", async () => {
  const compute = () =>
    tf.fused.conv2d({
      x: tf.tensor4d([NaN, Infinity, -Infinity, 1], [4, 1, 1, 1]),
      filter: tf.ones<tf.Rank.R4>([1, 1, 1, 9]),
      strides: 1,
      pad: "valid",
      activation: "relu",
    });
  const { data } = await evaluate("wasm", compute);
  assert.deepEqual([0, 9, 18, 27].map((i) => data[i]), [NaN, Infinity, 0, 1]);
  assert.deepEqual([8, 17, 26, 35].map((i) => data[i]), [NaN, Infinity, 0, 1]);
});

Deno.test("what a convolution cannot do is refused, and leaves no tensor behind", async () => {
  await tf.setBackend("wasm");
  const x = tf.ones<tf.Rank.R4>([1, 2, 2, 1]);
  const filter = tf.ones<tf.Rank.R4>([1, 1, 1, 1]);
  const attrs = { strides: 1, pad: "valid", dilations: 1, dataFormat: "NHWC" };
  const run = (inputs: tf.NamedTensorMap, more: object = {}) =>
    tf.engine().runKernel(tf.FusedConv2D, inputs, { ...attrs, ...more });
  const before = tf.backend().numDataIds();
  assert.throws(
    () => run({ x, filter }, { dataFormat: "NCHW" }),
    /dataFormat must be NHWC, got NCHW; transpose/,
  );
  assert.throws(
    () => run({ x, filter }, { activation: "tanh" }),
    /activation must be linear, relu, relu6, .* got tanh/,
  );
  tf.tidy(() => {
    assert.throws(() => run({ x: tf.ones([1, 2, 2, 1], "int32"), filter }), /float32, got int32/);
    assert.throws(() => run({ x, filter: tf.ones([1, 1, 1, 1], "bool") }), /float32, got bool/);
    assert.throws(() => run({ x, filter, bias: tf.ones([2]) }), /bias must be of shape \[1\]/);
    assert.throws(() => run({ x, filter: tf.ones([5, 5, 1, 1]) }), /filter must fit/);
    const wide = tf.ones([1, 1, 1, 4]);
    assert.throws(() => run({ x, filter: wide, bias: tf.ones([4, 1, 1]) }), /got \[4,1,1\]/);
  });
  assert.equal(tf.backend().numDataIds(), before);
  tf.dispose([x, filter]);
});
