import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import {
  depthwiseConv2d,
  depthwiseConv2dBackpropFilter,
  depthwiseConv2dBackpropInput,
} from "../../../../lib/wasm/reference/depthwise_conv2d.ts";
import { type Convolution, convolutions, windowsOf } from "../convolutions.ts";
import { dot, numericGradient } from "../numeric_gradient.ts";
import { assertValues, drawValues, evaluate, runKernel, toTensor } from "../values.ts";

/** A convolution with each channel's own filters: `outC` of them. */
function draw(
  { x: xShape, filter: [h = 0, w = 0, inC = 0, multiplier = 0], ...rest }: Convolution,
) {
  const filterShape = [h, w, inC, multiplier];
  const all = { ...rest, x: xShape, filter: [h, w, inC, inC * multiplier] };
  const [, inH = 0, inW = 0] = xShape;
  const windows = {
    ...windowsOf(all),
    filterSize: [h, w] as const,
    inSize: [inH, inW] as const,
  };
  const { seed, density } = rest;
  const dyShape = [xShape[0]!, ...windows.outSize, inC * multiplier];
  return {
    windows,
    filterShape,
    x: drawValues(xShape, { seed }),
    filter: drawValues(filterShape, { seed: seed + 1 }),
    dy: drawValues(dyShape, { seed: seed + 2, density }),
  };
}

Deno.test("a depthwise convolution equals its reference, whatever its padding and rounding", async () => {
  await fc.assert(
    fc.asyncProperty(convolutions({ maxDilation: 3 }), async (convolution) => {
      const { windows, x, filter } = draw(convolution);
      const expected = depthwiseConv2d(x, filter, windows);
      const call = { inputs: { x, filter }, attrs: convolution.attrs };
      assertValues(await runKernel("wasm", tf.DepthwiseConv2dNative, call), expected);
      const bias = drawValues([expected.shape[3]!], { seed: convolution.seed + 3 });
      const biased = expected.data.map((value, i) => value + bias.data[i % bias.data.length]!);
      assertValues(
        await runKernel("wasm", tf.FusedDepthwiseConv2D, {
          inputs: { x, filter, bias },
          attrs: { ...convolution.attrs, activation: "relu" },
        }),
        { data: biased.map((value) => Math.max(0, value)), shape: expected.shape },
      );
    }),
    { numRuns: 500 },
  );
});

Deno.test("a depthwise convolution leaves no tensor behind, and takes images channels last only", async () => {
  await tf.setBackend("wasm");
  const [x, filter] = [tf.ones<tf.Rank.R4>([1, 5, 5, 2]), tf.ones<tf.Rank.R4>([1, 2, 2, 1])];
  const before = tf.backend().numDataIds();
  for (const pad of ["same", "valid", 0, 1] as const) {
    const rounding = typeof pad === "number" ? "ceil" : undefined;
    tf.depthwiseConv2d(x, filter, 3, pad, "NHWC", 1, rounding).dispose();
    assert.equal(tf.backend().numDataIds(), before);
  }
  const attrs = { strides: 1, pad: "valid", dilations: 1, dataFormat: "NCHW" };
  assert.throws(() => tf.engine().runKernel(tf.DepthwiseConv2dNative, { x, filter }, attrs), {
    name: "RangeError",
    message: /dataFormat must be NHWC, got NCHW/,
  });
  tf.dispose([x, filter]);
});

Deno.test("a depthwise convolution's gradients equal their references to the last bit", async () => {
  await fc.assert(
    fc.asyncProperty(convolutions({ maxDilation: 3 }), async (convolution) => {
      const { windows, filterShape, x, filter, dy } = draw(convolution);
      const { attrs } = convolution;
      assertValues(
        await runKernel("wasm", tf.DepthwiseConv2dNativeBackpropFilter, {
          inputs: { x, dy },
          attrs: { ...attrs, filterShape },
        }),
        depthwiseConv2dBackpropFilter(x, dy, windows),
      );
      assertValues(
        await runKernel("wasm", tf.DepthwiseConv2dNativeBackpropInput, {
          inputs: { dy, filter },
          attrs: { ...attrs, inputShape: x.shape },
        }),
        depthwiseConv2dBackpropInput(dy, filter, windows),
      );
    }),
    { numRuns: 200 },
  );
});

Deno.test("a depthwise convolution's gradients equal the cpu backend's", async () => {
  for (const [channels, multiplier, strides, pad] of CASES) {
    const x = drawValues([2, 7, 6, channels], { seed: 1 });
    const filter = drawValues([3, 2, channels, multiplier], { seed: 2 });
    const convolve = (input: tf.Tensor, weights: tf.Tensor) =>
      tf.square(
        tf.depthwiseConv2d(input as tf.Tensor4D, weights as tf.Tensor4D, strides, pad),
      );
    for (const index of [0, 1]) {
      const compute = () => tf.grads(convolve)([toTensor(x), toTensor(filter)])[index] as tf.Tensor;
      assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute));
    }
  }
});

const CASES = [
  [5, 1, 1, "same"],
  [8, 1, 2, "valid"],
  [3, 2, 1, "valid"],
  [3, 4, 2, "same"],
] as const;

Deno.test("a depthwise convolution's gradients equal finite differences", () => {
  const { windows, x, filter, dy } = draw({
    x: [1, 4, 5, 3],
    filter: [2, 3, 3, 2],
    attrs: { strides: [2, 1], pad: "same", dataFormat: "NHWC", dilations: 1 },
    seed: 5,
    density: 1,
  });
  assertValues(
    depthwiseConv2dBackpropFilter(x, dy, windows),
    numericGradient((moved) => dot(depthwiseConv2d(x, moved, windows), dy), filter),
    1e-9,
  );
  assertValues(
    depthwiseConv2dBackpropInput(dy, filter, windows),
    numericGradient((moved) => dot(depthwiseConv2d(moved, filter, windows), dy), x),
    1e-9,
  );
});

Deno.test("a gradient that does not fit is refused", async () => {
  await tf.setBackend("wasm");
  const attrs = { strides: 1, pad: "same", dilations: 1, filterShape: [3, 3, 2, 2] };
  tf.tidy(() =>
    assert.throws(
      () =>
        tf.engine().runKernel(tf.DepthwiseConv2dNativeBackpropFilter, {
          x: tf.ones([1, 4, 4, 2]),
          dy: tf.ones([1, 4, 4, 2]),
        }, attrs),
      /dy must be of shape \[1,4,4,4\], got \[1,4,4,2\]/,
    )
  );
});
