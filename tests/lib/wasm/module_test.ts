import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import {
  convolutionFields,
  convolutionInfo,
  inputGradientFields,
} from "../../../lib/wasm/kernels/convolution.ts";
import { poolingFields } from "../../../lib/wasm/kernels/pooling.ts";
import { RELU } from "../../../lib/wasm/module.ts";
import { adamStep } from "../../../lib/wasm/reference/adam_step.ts";
import { avgPoolGrad } from "../../../lib/wasm/reference/avg_pool_grad.ts";
import { dropout } from "../../../lib/wasm/reference/dropout.ts";
import { matMul } from "../../../lib/wasm/reference/mat_mul.ts";
import { maxPoolGrad } from "../../../lib/wasm/reference/max_pool_grad.ts";
import { reluGrad } from "../../../lib/wasm/reference/relu_grad.ts";
import { sum } from "../../../lib/wasm/reference/sum.ts";
import type { Values } from "../../../lib/wasm/reference/values.ts";
import { convolutions, drawConvolution } from "./convolutions.ts";
import { createGuardedMemory } from "./guarded_memory.ts";
import { poolings, windowsOf } from "./poolings.ts";
import { assertValues, drawValues } from "./values.ts";

const GIGABYTE = 16384;

// Every kernel, on blocks between guards: it must be right and leave the guards whole.
for (const [place, pages] of [["low in memory", 64], ["above 2 GiB", 2 * GIGABYTE + 64]] as const) {
  const guarded = () => createGuardedMemory(pages);

  Deno.test(`convolution and its gradients stay within their blocks, ${place}`, () => {
    const { module, run } = guarded();
    const last = fc.nat();
    fc.assert(
      fc.property(convolutions({ maxDilation: 2, minBatch: 1 }), last, (convolution, last) => {
        const drawn = drawConvolution(convolution);
        const { x, filter, dy, bias } = drawn;
        if (dy.data.length === 0) return;
        const info = convolutionInfo({ x: x.shape, filter: filter.shape }, convolution.attrs);
        const shape = Int32Array.from(convolutionFields(info));
        const reversedShape = Int32Array.from(inputGradientFields(info));
        const scratchOf = (struct: Int32Array, scratchBytes: (shape: number) => number) => {
          let bytes = 0;
          run({ blocks: { struct }, last, call: (at) => bytes = scratchBytes(at.struct) });
          return bytes;
        };

        const y = bytesOf(dy);
        let scratch = scratchOf(shape, module.conv2dScratch);
        const forward = run({
          blocks: { shape, x, filter, y, bias, scratch },
          last,
          call: (at) => module.conv2d(at.shape, at.x, at.filter, at.y, at.bias, 0, at.scratch),
        });
        assertValues(values(forward("y"), dy.shape), drawn.yWithBias());

        for (
          const [scratchBytes, kernel] of [
            [module.conv2dFilterGradientScratch, module.conv2dFilterGradient],
            [module.conv2dFilterGradientSparseScratch, module.conv2dFilterGradientSparse],
          ] as const
        ) {
          scratch = scratchOf(shape, scratchBytes);
          const result = run({
            blocks: { shape, x, dy, dFilter: bytesOf(filter), scratch },
            last,
            call: (at) => kernel(at.shape, at.x, at.dy, at.dFilter, at.scratch),
          });
          assertValues(values(result("dFilter"), filter.shape), drawn.dFilter());
        }

        scratch = scratchOf(shape, module.conv2dInputGradientSparseScratch);
        const sparse = run({
          blocks: { shape, dy, filter, dx: bytesOf(x), scratch },
          last,
          call: (at) =>
            module.conv2dInputGradientSparse(at.shape, at.dy, at.filter, at.dx, at.scratch),
        });
        assertValues(values(sparse("dx"), x.shape), drawn.dx());

        scratch = scratchOf(reversedShape, module.conv2dScratch);
        const { filterHeight, filterWidth, inChannels, outChannels } = info;
        const dense = run({
          blocks: {
            reversedShape,
            dy,
            filter,
            reversed: bytesOf(filter),
            dx: bytesOf(x),
            scratch,
          },
          last,
          call: (at) => {
            const positions = filterHeight * filterWidth;
            module.reverseFilter(at.filter, positions, inChannels, outChannels, at.reversed);
            module.conv2d(at.reversedShape, at.dy, at.reversed, at.dx, 0, 0, at.scratch);
          },
        });
        assertValues(values(dense("dx"), x.shape), drawn.dx());
      }),
      { numRuns: 100 },
    );
  });

  Deno.test(`matrix products stay within their blocks, ${place}`, () => {
    const { module, run } = guarded();
    const size = fc.integer({ min: 1, max: 20 });
    const depth = fc.oneof(size, fc.integer({ min: 510, max: 520 }));
    fc.assert(
      fc.property(
        fc.tuple(size, size, depth, fc.nat(), fc.nat()),
        fc.tuple(fc.boolean(), fc.boolean()),
        ([m, n, k, seed, last], [transposeA, transposeB]) => {
          const a = drawValues([1, ...(transposeA ? [k, m] : [m, k])], { seed });
          const b = drawValues([1, ...(transposeB ? [n, k] : [k, n])], { seed: seed + 1 });
          const bias = drawValues([n], { seed: seed + 2 });
          const result = run({
            blocks: { a, b, c: m * n * 4, bias, scratch: module.matMulScratch(n, k) },
            last,
            call: (at) => {
              const [aRow, aStep] = transposeA ? [4, m * 4] : [k * 4, 4];
              const [bRow, bStep] = transposeB ? [4, k * 4] : [n * 4, 4];
              const from = [at.a, aRow, aStep, at.b, bRow, bStep] as const;
              module.matMul(...from, at.c, m, n, k, at.bias, RELU, at.scratch);
            },
          });
          const expected = matMul(a, b, { transposeA, transposeB, bias });
          expected.data.forEach((value, i) => expected.data[i] = Math.max(0, value));
          assertValues(values(result("c"), expected.shape), expected);
        },
      ),
      { numRuns: 150 },
    );
  });

  Deno.test(`gradients of pooling stay within their blocks, ${place}`, () => {
    const { module, run } = guarded();
    fc.assert(
      fc.property(poolings, fc.nat(), (pooling, last) => {
        const windows = windowsOf(pooling);
        const [batch, , , channels] = pooling.x;
        const x = drawValues(pooling.x, { seed: pooling.seed });
        const dy = drawValues([batch, ...windows.outSize, channels], { seed: pooling.seed + 1 });
        const tensor = ({ shape }: Values): tf.TensorInfo => ({
          dataId: {},
          shape: [...shape],
          dtype: "float32",
        });
        const shape = Int32Array.from(
          poolingFields({ input: tensor(x), dy: tensor(dy) }, pooling.attrs),
        );
        const max = run({
          blocks: { shape, x, dy, dx: bytesOf(x) },
          last,
          call: (at) => module.maxPoolGradient(at.shape, at.x, at.dy, at.dx),
        });
        assertValues(values(max("dx"), x.shape), maxPoolGrad(x, dy, windows));
        const average = run({
          blocks: { shape, dy, dx: bytesOf(x) },
          last,
          call: (at) => module.avgPoolGradient(at.shape, at.dy, at.dx),
        });
        assertValues(values(average("dx"), x.shape), avgPoolGrad(dy, windows), 1e-6);
      }),
      { numRuns: 100 },
    );
  });

  Deno.test(`elementwise kernels and sums stay within their blocks, ${place}`, () => {
    const { module, run } = guarded();
    fc.assert(
      fc.property(fc.nat(40), fc.nat(12), fc.nat(), fc.nat(), (n, rows, seed, last) => {
        const x = drawValues([n], { seed, density: 0.7 });
        const dy = drawValues([n], { seed: seed + 1 });
        const relu = run({
          blocks: { x, dy, dx: n * 4 },
          last,
          call: (at) => module.reluGradient(at.x, at.dy, n, at.dx),
        });
        assertValues(values(relu("dx"), [n]), reluGrad(x, dy));

        const dropped = run({
          blocks: { x, y: n * 4 },
          last,
          call: (at) => module.dropout(at.x, n, seed, 2 ** 31, 2, at.y),
        });
        assertValues(values(dropped("y"), [n]), dropout(x, { rate: 0.5, seed }));

        run({
          blocks: { x },
          last,
          call: (at) =>
            assert.equal(
              module.countNonZero(at.x, n),
              x.data.filter((value) => value !== 0).length,
            ),
        });

        const table = drawValues([rows, n], { seed });
        const summed = run({
          blocks: { table, out: n * 4 },
          last,
          call: (at) => module.sumRows(at.table, rows, n, at.out),
        });
        assertValues(values(summed("out"), [n]), sum(table, 1));

        const secondMoment = { data: dy.data.map((value) => value * value), shape: [n] };
        const state = { value: x, firstMoment: dy, secondMoment };
        const options = { learningRate: 0.01, beta1: 0.5, beta2: 0.75, epsilon: 1e-3, step: 2 };
        const adam = run({
          blocks: { ...state, gradient: x, weights: n * 4, first: n * 4, second: n * 4 },
          last,
          call: (at) =>
            module.adamStep(
              at.value,
              at.firstMoment,
              at.secondMoment,
              at.gradient,
              n,
              0.01 / 0.75,
              0.5,
              0.75,
              1 / (1 - 0.75 ** 2),
              1e-3,
              at.weights,
              at.first,
              at.second,
            ),
        });
        const expected = adamStep(state, x, options);
        assertValues(values(adam("weights"), [n]), expected.value, 1e-6);
        assertValues(values(adam("first"), [n]), expected.firstMoment, 1e-6);
        assertValues(values(adam("second"), [n]), expected.secondMoment, 1e-6);
      }),
    );
  });
}

Deno.test("sizes that no memory holds make scratch that none holds, not a small one", () => {
  const { module, run } = createGuardedMemory(64);
  const attrs = { strides: 1, pad: "valid", dataFormat: "NHWC" } as const;
  for (const dilations of [2 ** 20, 2 ** 30]) {
    const info = convolutionInfo(
      { x: [1, 3, 3, 1], filter: [3, 3, 1, 1] },
      {
        ...attrs,
        pad: [[0, 0], [dilations, dilations], [dilations, dilations], [0, 0]],
        dilations,
      },
    );
    run({
      blocks: { shape: Int32Array.from(convolutionFields(info)) },
      last: 0,
      call: ({ shape }) => {
        assert.ok(module.conv2dScratch(shape) > 2 ** 32);
        assert.ok(module.conv2dFilterGradientScratch(shape) > 2 ** 32);
        assert.ok(module.conv2dFilterGradientSparseScratch(shape) > 2 ** 32);
        assert.ok(module.conv2dInputGradientSparseScratch(shape) > 2 ** 32);
      },
    });
  }
  assert.ok(module.matMulScratch(2 ** 30, 512) > 2 ** 32);
});

function bytesOf({ data }: Values): number {
  return data.length * 4;
}

function values(data: Float32Array, shape: readonly number[]): Values {
  return { data: Float64Array.from(data), shape };
}
