import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { matMul } from "../../../../lib/wasm/reference/mat_mul.ts";
import { dot, numericGradient } from "../numeric_gradient.ts";
import { assertValues, drawValues, evaluate, runKernel, toTensor } from "../values.ts";

const products = fc.record({
  batchA: fc.integer({ min: 1, max: 3 }),
  batchB: fc.integer({ min: 1, max: 3 }),
  m: fc.integer({ min: 0, max: 20 }),
  n: fc.integer({ min: 0, max: 20 }),
  // Beyond 512 the inner size is taken in several blocks.
  k: fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 509, max: 1030 })),
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  seed: fc.nat(),
}).filter(({ batchA, batchB }) => batchA === batchB || batchA === 1 || batchB === 1)
  .map(({ batchA, batchB, m, n, k, transposeA, transposeB, seed }) => ({
    a: drawValues([batchA, ...(transposeA ? [k, m] : [m, k])], { seed }),
    b: drawValues([batchB, ...(transposeB ? [n, k] : [k, n])], { seed: seed + 1 }),
    bias: drawValues([n], { seed: seed + 2 }),
    attrs: { transposeA, transposeB },
  }));

Deno.test("BatchMatMul equals its reference and the cpu backend to the last bit", async () => {
  await fc.assert(
    fc.asyncProperty(products, async ({ a, b, attrs }) => {
      const expected = matMul(a, b, attrs);
      const call = { inputs: { a, b }, attrs };
      assertValues(await runKernel("wasm", tf.BatchMatMul, call), expected);
      assertValues(await runKernel("cpu", tf.BatchMatMul, call), expected);
    }),
    { numRuns: 200 },
  );
});

Deno.test("_FusedMatMul adds its bias once and clamps at zero", async () => {
  await fc.assert(
    fc.asyncProperty(products, fc.boolean(), async ({ a, b, bias, attrs }, clamps) => {
      const expected = matMul(a, b, { ...attrs, bias });
      if (clamps) expected.data.forEach((value, i) => expected.data[i] = Math.max(0, value));
      const call = {
        inputs: { a, b, bias },
        attrs: { ...attrs, activation: clamps ? "relu" : "linear" },
      };
      assertValues(await runKernel("wasm", tf._FusedMatMul, call), expected);
    }),
    { numRuns: 100 },
  );
});

for (const activation of ["relu6", "sigmoid", "elu", "prelu", "leakyrelu"] as const) {
  Deno.test(`a fused product ends in ${activation} as on the cpu backend`, async () => {
    const compute = () =>
      tf.fused.matMul({
        a: toTensor<tf.Rank.R2>(drawValues([5, 7], { seed: 1 })),
        b: toTensor<tf.Rank.R2>(drawValues([7, 9], { seed: 2 })),
        activation,
        preluActivationWeights: activation === "prelu"
          ? toTensor(drawValues([9], { seed: 3 }))
          : undefined,
        leakyreluAlpha: 0.1,
      });
    assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute), 1e-6);
  });
}

// Not against the cpu backend: it walks both batches in step, which is wrong here.
Deno.test("leading axes of both operands broadcast: each matrix of one meets each of the other", async () => {
  const a = drawValues([2, 1, 3, 4], { seed: 1 });
  const b = drawValues([5, 4, 2], { seed: 2 });
  const actual = await evaluate("wasm", () => tf.matMul(toTensor(a), toTensor(b)));
  const products = [0, 1].flatMap((i) => {
    const matrix = { data: a.data.subarray(12 * i, 12 * (i + 1)), shape: [1, 3, 4] };
    return [...matMul(matrix, b).data];
  });
  assertValues(actual, { data: Float64Array.from(products), shape: [2, 5, 3, 2] });
});

Deno.test("tf.grads of a product equal finite differences, transposed or not", async () => {
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const a = drawValues([1, ...(transposeA ? [7, 5] : [5, 7])], { seed: 1 });
      const b = drawValues([1, ...(transposeB ? [9, 7] : [7, 9])], { seed: 2 });
      const dc = drawValues([1, 5, 9], { seed: 3 });
      const options = { transposeA, transposeB };
      const product = (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, transposeA, transposeB);
      const gradient = (index: 0 | 1) =>
        evaluate(
          "wasm",
          () => tf.grads(product)([toTensor(a), toTensor(b)], toTensor(dc))[index]!,
        );
      const numericA = numericGradient((moved) => dot(matMul(moved, b, options), dc), a);
      const numericB = numericGradient((moved) => dot(matMul(a, moved, options), dc), b);
      assertValues(await gradient(0), numericA, 1e-9);
      assertValues(await gradient(1), numericB, 1e-9);
    }
  }
});

Deno.test("what the stock kernel refuses or cannot know is refused, and leaves no tensor behind", async () => {
  await tf.setBackend("wasm");
  const before = tf.backend().numDataIds();
  const run = (inputs: tf.NamedTensorMap) =>
    tf.engine().runKernel(tf._FusedMatMul, inputs, { transposeA: false, transposeB: true });
  tf.tidy(() => {
    const a = tf.ones([2, 3]);
    const b = tf.ones([4, 3]);
    assert.throws(() => run({ a, b: tf.ones([3, 4]) }), /inner sizes must be equal, got \[2,3\]/);
    assert.throws(() => run({ a: tf.ones([2, 3], "int32"), b }), /must be float32, got int32/);
    assert.throws(() => run({ a, b, bias: tf.ones([2, 4]) }), /bias must be of shape \[4\]/);
    assert.throws(() => run({ a, b, bias: tf.ones([4], "int32") }), /must be float32, got int32/);
  });
  assert.equal(tf.backend().numDataIds(), before);
});
