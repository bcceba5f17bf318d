import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { batchNorm, batchNormGrad } from "../../../../lib/wasm/reference/batch_norm.ts";
import type { Values } from "../../../../lib/wasm/reference/values.ts";
import { assertValues, drawValues, evaluate, runKernel, toTensor } from "../values.ts";

const varianceEpsilon = 1 / 64;

/** Operands for x of this shape; all statistics and parameters are of `(channels)`. */
function draw(shape: readonly number[], seed: number) {
  const channels = shape.at(-1)!;
  const of = (offset: number) => drawValues([channels], { seed: seed + offset });
  const variance = of(2);
  variance.data.forEach((value, i) => variance.data[i] = Math.abs(value));
  return { x: drawValues(shape, { seed }), mean: of(1), variance, scale: of(3), offset: of(4) };
}

/** As `(rows, channels)`. */
function flatten({ data, shape }: Values): Values {
  const channels = shape.at(-1)!;
  return { data, shape: [data.length / channels, channels] };
}

const shapes = fc.tuple(
  fc.integer({ min: 1, max: 3 }),
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: 11 }),
);

Deno.test("FusedBatchNorm equals its reference, with scale and offset or without", async () => {
  await fc.assert(
    fc.asyncProperty(shapes, fc.boolean(), fc.boolean(), fc.nat(), async (shape, a, b, seed) => {
      const { scale, offset, ...inputs } = draw(shape, seed);
      const { x, mean, variance } = inputs;
      const ones = { data: mean.data.map(() => 1), shape: mean.shape };
      const zeros = { data: mean.data.map(() => 0), shape: mean.shape };
      const expected = batchNorm(flatten(x), { mean, variance }, {
        gamma: a ? scale : ones,
        beta: b ? offset : zeros,
        epsilon: varianceEpsilon,
      });
      const actual = await runKernel("wasm", tf.FusedBatchNorm, {
        inputs: { ...inputs, ...(a && { scale }), ...(b && { offset }) },
        attrs: { varianceEpsilon },
      });
      assertValues(actual, { data: expected.data, shape }, 3e-6);
    }),
  );
});

/** FusedBatchNorm of one channel, with ε = 0. */
async function normalise(
  x: readonly number[],
  { mean, variance, scale = 1, offset = 0 }: Readonly<
    Record<"mean" | "variance", number> & Partial<Record<"scale" | "offset", number>>
  >,
  backend: "wasm" | "cpu" = "wasm",
): Promise<number[]> {
  const { data } = await evaluate(backend, () =>
    tf.batchNorm4d(
      tf.tensor4d([...x], [1, 1, x.length, 1]),
      tf.tensor1d([mean]),
      tf.tensor1d([variance]),
      tf.tensor1d([offset]),
      tf.tensor1d([scale]),
      0,
    ));
  return [...data];
}

Deno.test("deviations that are small beside the mean keep their digits", async () => {
  const x = [10_000, 10_000.01, 9999.98];
  const given = { mean: 10_000, variance: 1e-4, scale: 2, offset: 0.5 };
  const actual = await normalise(x, given);
  for (const [i, value] of [0.5, 2.453125, -3.40625].entries()) {
    assert.ok(Math.abs(actual[i]! - value) < 1e-6, `${actual}`);
  }
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -100_000, max: 100_000 }),
      fc.integer({ min: -12, max: 0 }),
      fc.array(fc.integer({ min: -999, max: 999 }), { minLength: 1, maxLength: 9 }),
      async (mean, exponent, deviations) => {
        // Exact in float32: 100,000 has 17 digits before the point.
        const step = 2 ** Math.max(exponent, -6);
        const x = deviations.map((deviation) => mean + deviation * step);
        const actual = await normalise(x, { mean, variance: 4 ** exponent });
        for (const [i, deviation] of deviations.entries()) {
          const expected = deviation * step / 2 ** exponent;
          assert.ok(Math.abs(actual[i]! - expected) <= 1e-6 * Math.abs(expected), `${actual[i]}`);
        }
      },
    ),
  );
});

Deno.test("at a variance of zero, as on the cpu backend, values are ±∞, and the mean itself NaN", async () => {
  for (const scale of [3, -3]) {
    const given = { mean: 2, variance: 0, scale, offset: 5 };
    const actual = await normalise([1, 2, 3], given);
    assert.deepEqual(actual, [-Infinity * scale, NaN, Infinity * scale]);
    assert.deepEqual(actual, await normalise([1, 2, 3], given, "cpu"));
  }
});

Deno.test("its gradients equal their references, and tfjs's own on the cpu backend", async () => {
  await fc.assert(
    fc.asyncProperty(shapes, fc.nat(), async (shape, seed) => {
      const { x, mean, variance, scale, offset } = draw(shape, seed);
      const dy = drawValues(shape, { seed: seed + 5 });
      const expected = batchNormGrad(flatten(x), flatten(dy), { mean, variance }, {
        gamma: scale,
        epsilon: varianceEpsilon,
      });
      const operands = [x, mean, variance, offset, scale];
      const gradients = (backend: "wasm" | "cpu", index: number) =>
        evaluate(backend, () => {
          const normalise = (...tensors: tf.Tensor[]) => {
            const [x, mean, variance, offset, scale] = tensors as [tf.Tensor4D, ...tf.Tensor1D[]];
            return tf.batchNorm4d(x, mean!, variance!, offset, scale, varianceEpsilon);
          };
          return tf.grads(normalise)(operands.map((values) => toTensor(values)), toTensor(dy))[
            index
          ]!;
        });
      const parts = ["x", "mean", "variance", "beta", "gamma"] as const;
      for (const [index, part] of parts.entries()) {
        const actual = await gradients("wasm", index);
        const { data } = expected[part];
        assertValues(actual, { data, shape: operands[index]!.shape }, 1e-5);
        assertValues(actual, await gradients("cpu", index), 1e-4);
      }
    }),
    { numRuns: 40 },
  );
});

Deno.test("statistics of the shape of x are left to tfjs's kernel and gradient", async () => {
  const x = drawValues([2, 3, 2, 4], { seed: 1 });
  const mean = drawValues(x.shape, { seed: 2 });
  const variance = { data: mean.data.map((value) => value * value), shape: x.shape };
  const compute = () =>
    tf.grad((input) =>
      tf.square(tf.batchNorm4d(
        input as tf.Tensor4D,
        toTensor<tf.Rank.R4>(mean),
        toTensor<tf.Rank.R4>(variance),
        toTensor<tf.Rank.R4>(mean),
        toTensor<tf.Rank.R4>(mean),
      ))
    )(toTensor(x));
  assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute), 1e-4);
});

Deno.test("a normalisation by the batch's own moments can be differentiated twice", async () => {
  const x = drawValues([2, 2, 2, 3], { seed: 1 });
  const compute = () => {
    const normalise = (input: tf.Tensor) => {
      const { mean, variance } = tf.moments(input, [0, 1, 2]);
      return tf.batchNorm4d(
        input as tf.Tensor4D,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        tf.zeros<tf.Rank.R1>([3]),
        tf.ones<tf.Rank.R1>([3]),
      );
    };
    const cube = (input: tf.Tensor) => tf.sum(tf.pow(normalise(input), 3));
    return tf.grad((input) => tf.sum(tf.square(tf.grad(cube)(input))))(toTensor(x));
  };
  const cpu = await evaluate("cpu", compute);
  assert.ok(cpu.data.some((value) => Math.abs(value) > 0.1));
  assertValues(await evaluate("wasm", compute), cpu, 1e-2);
});
