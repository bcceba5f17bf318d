import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { conv2d } from "../../../../lib/wasm/reference/conv2d.ts";
import { type Convolution, convolutions, drawConvolution } from "../convolutions.ts";
import { dot, numericGradient } from "../numeric_gradient.ts";
import { assertValues, drawValues, evaluate, runKernel, toTensor } from "../values.ts";

function attributes({ attrs, x }: Convolution): object {
  return { ...attrs, inputShape: x };
}

Deno.test("Conv2DBackpropInput equals its reference to the last bit, whatever share of dy is zero", async () => {
  await fc.assert(
    fc.asyncProperty(convolutions({ maxDilation: 3 }), async (convolution) => {
      const { dy, filter, dx } = drawConvolution(convolution);
      const call = { inputs: { dy, filter }, attrs: attributes(convolution) };
      assertValues(await runKernel("wasm", tf.Conv2DBackpropInput, call), dx());
    }),
    { numRuns: 300 },
  );
});

Deno.test("Conv2DBackpropInput equals the cpu backend's", async () => {
  await fc.assert(
    fc.asyncProperty(convolutions({ minBatch: 1 }), async (convolution) => {
      const { dy, filter } = drawConvolution(convolution);
      const call = { inputs: { dy, filter }, attrs: attributes(convolution) };
      assertValues(
        await runKernel("wasm", tf.Conv2DBackpropInput, call),
        await runKernel("cpu", tf.Conv2DBackpropInput, call),
      );
    }),
    { numRuns: 100 },
  );
});

Deno.test("tf.grad of a convolution to its input equals finite differences", async () => {
  const convolution: Convolution = {
    x: [2, 6, 5, 3],
    filter: [3, 2, 3, 9],
    attrs: { strides: [2, 1], pad: "same", dataFormat: "NHWC", dilations: 1 },
    seed: 5,
    density: 1,
  };
  const { x, filter, dy, windows } = drawConvolution(convolution);
  const numeric = numericGradient((moved) => dot(conv2d(moved, filter, windows), dy), x);
  const actual = await evaluate("wasm", () => {
    const y = (input: tf.Tensor) =>
      tf.conv2d(input as tf.Tensor4D, toTensor<tf.Rank.R4>(filter), [2, 1], "same");
    return tf.grad(y)(toTensor(x), toTensor(dy));
  });
  assertValues(actual, numeric, 1e-9);
});

Deno.test("both gradients of a convolution that rounds its size up are those of its windows", async () => {
  const convolution: Convolution = {
    x: [1, 4, 4, 1],
    filter: [3, 3, 1, 2],
    attrs: { strides: 2, pad: 0, dataFormat: "NHWC", dilations: 1, dimRoundingMode: "ceil" },
    seed: 2,
    density: 1,
  };
  const { x, filter, dy, dFilter, dx } = drawConvolution(convolution);
  assert.deepEqual(dy.shape, [1, 2, 2, 2]);
  const y = (input: tf.Tensor, weights: tf.Tensor) =>
    tf.conv2d(input as tf.Tensor4D, weights as tf.Tensor4D, 2, 0, "NHWC", 1, "ceil");
  const gradient = (index: 0 | 1) =>
    evaluate("wasm", () => tf.grads(y)([toTensor(x), toTensor(filter)], toTensor(dy))[index]!);
  assertValues(await gradient(0), dx());
  assertValues(await gradient(1), dFilter());
});

Deno.test("a gradient of which a quarter is not zero skips the zeros, one of which more is does not", async () => {
  const filter = drawValues([1, 1, 1, 1], { seed: 1 });
  filter.data.fill(Infinity);
  const attrs = { strides: 1, pad: "valid", dataFormat: "NHWC", inputShape: [1, 2, 2, 1] };
  const run = (values: number[]) => {
    const dy = { data: Float64Array.from(values), shape: [1, 2, 2, 1] };
    return runKernel("wasm", tf.Conv2DBackpropInput, { inputs: { dy, filter }, attrs });
  };
  assert.deepEqual([...(await run([0, 0, 1, 0])).data], [0, 0, Infinity, 0]);
  assert.deepEqual([...(await run([0, 1, 1, 0])).data], [NaN, Infinity, Infinity, NaN]);
});

Deno.test("a transposed convolution equals the cpu backend's", async () => {
  const x = drawValues([2, 4, 3, 5], { seed: 1 });
  const filter = drawValues([3, 3, 7, 5], { seed: 2 });
  for (const [pad, side] of [["same", [8, 6]], ["valid", [9, 7]]] as const) {
    const compute = () =>
      tf.conv2dTranspose(
        toTensor<tf.Rank.R4>(x),
        toTensor<tf.Rank.R4>(filter),
        [2, ...side, 7],
        2,
        pad,
      );
    assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute));
  }
});

/** A transposed convolution by ones, of one channel, whose input counts from 1. */
function transposeOnes(
  side: number,
  outSide: number,
  pad: "same" | "valid" | number,
  strides = 1,
): () => tf.Tensor {
  return () =>
    tf.conv2dTranspose(
      tf.range(1, 1 + side * side).reshape([1, side, side, 1]) as tf.Tensor4D,
      tf.ones<tf.Rank.R4>([3, 3, 1, 1]),
      [1, outSide, outSide, 1],
      strides,
      pad,
    );
}

Deno.test("of an input that is larger than the output shape fits, the first pixels take part, as on the cpu backend", async () => {
  const { data } = await evaluate("wasm", transposeOnes(5, 3, "same"));
  assert.deepEqual([...data], [16, 27, 20, 39, 63, 45, 36, 57, 40]);
  for (const pad of ["same", "valid", 1] as const) {
    for (const strides of [1, 2, 3]) {
      for (let outSide = 3; outSide <= 9; outSide++) {
        const info = tf.backend_util.computeConv2DInfo(
          [1, outSide, outSide, 1],
          [3, 3, 1, 1],
          strides,
          1,
          pad,
          "ceil",
        );
        for (const more of [1, 2, 7]) {
          const compute = transposeOnes(info.outHeight + more, outSide, pad, strides);
          assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute));
        }
      }
    }
  }
});

Deno.test("so they do in the gradient to the filter", async () => {
  const compute = () => {
    const x = toTensor<tf.Rank.R4>(drawValues([2, 5, 4, 3], { seed: 1 }));
    const dy = toTensor(drawValues([2, 6, 6, 2], { seed: 2 }));
    const y = (filter: tf.Tensor) =>
      tf.conv2dTranspose(x, filter as tf.Tensor4D, [2, 6, 6, 2], 2, "same");
    return tf.grad(y)(tf.ones([3, 2, 2, 3]), dy);
  };
  assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute));
});

Deno.test("an input that is smaller than the output shape needs is refused: backends differ", async () => {
  await tf.setBackend("wasm");
  for (const [pad, strides] of [["same", 1], ["valid", 1], ["same", 2]] as const) {
    assert.throws(() => tf.tidy(transposeOnes(2, 7, pad, strides)), {
      name: "RangeError",
      message: /dy must be of shape \[1,\d,\d,1\], got \[1,2,2,1\]; give a transposed convolution/,
    });
  }
});

Deno.test("a gradient that does not fit the filters, or is no float32, is refused", async () => {
  await tf.setBackend("wasm");
  const before = tf.backend().numDataIds();
  const run = (dyShape: number[], dtype: "float32" | "int32" = "float32") =>
    tf.tidy(() =>
      tf.engine().runKernel(
        tf.Conv2DBackpropInput,
        { dy: tf.ones(dyShape, dtype), filter: tf.ones([1, 1, 1, 4]) },
        { strides: 1, pad: "valid", dataFormat: "NHWC", inputShape: [2, 3, 3, 1] },
      )
    );
  assert.throws(() => run([2, 3, 3, 5]), /dy must be of shape \[2,3,3,4\], got \[2,3,3,5\]/);
  assert.throws(() => run([2, 3, 3, 4], "int32"), /tensors must be float32, got int32/);
  assert.equal(tf.backend().numDataIds(), before);
});
