import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { ACCUMULATE, RELU } from "../../../../lib/wasm/interface/dense.ts";
import { conv2d } from "../../../../lib/wasm/reference/conv2d.ts";
import { conv2dBackpropFilter } from "../../../../lib/wasm/reference/conv2d_backprop_filter.ts";
import { conv2dBackpropInput } from "../../../../lib/wasm/reference/conv2d_backprop_input.ts";
import type { Values } from "../../../../lib/wasm/reference/values.ts";
import type { Sides } from "../../../../lib/wasm/reference/window.ts";
import { drawConvolution, winogradConvolutions } from "../convolutions.ts";
import { guardConvolution } from "../guarded_convolution.ts";
import { bytesOf, guardedMemories } from "../guarded_memory.ts";
import { dot, numericGradient } from "../numeric_gradient.ts";
import { drawValues, runKernel } from "../values.ts";

/**
 * Largest error by a filter of 3×3 or 5×5, as a share of the largest sum of magnitudes that a result
 * of the same tile has: one rounding error of 2⁻²⁴ for each value of a transformed tile. The transforms enlarge
 * errors, and sums of many of different signs lessen them: in thousands of runs, half of this has
 * not been exceeded. A wrong coefficient or a missed pixel is beyond it by far.
 */
function tolerance(filterSide: number): number {
  return (filterSide + 3) ** 2 * 2 ** -24;
}

for (const { name, create } of guardedMemories) {
  Deno.test(`convolution by Winograd and its gradients, ${name}`, () => {
    const memory = create();
    const { module, run } = memory;
    fc.assert(
      fc.property(winogradConvolutions(), fc.nat(), (convolution, last) => {
        const { x, filter, bias, dy, windows } = drawConvolution(convolution);
        const guarded = guardConvolution(memory, convolution, { filter, last });
        const { info, shape, bytes, prepare } = guarded;
        const images = info.batchSize;
        const filterSide = info.filterHeight;
        const rounding = tolerance(filterSide);

        let prepared = prepare(module.conv2dPreparedBytes, module.conv2dPrepare);
        let scratch = bytes(module.conv2dScratch);
        const inSize: Sides = [info.inHeight, info.inWidth];
        const largestY = largest(conv2d(magnitudes(x), magnitudes(filter), windows));
        for (const flags of [0, RELU]) {
          const forward = run({
            blocks: { shape, x, prepared, y: bytesOf(dy), bias, scratch },
            last,
            call: ({ shape, x, prepared, y, bias, scratch }) =>
              module.conv2d(shape, images, x, prepared, y, bias, flags, scratch),
          });
          const expected = conv2d(x, filter, { ...windows, bias });
          if (flags === RELU) expected.data.forEach((v, i) => expected.data[i] = Math.max(0, v));
          assertNear(forward("y"), expected, rounding * (largestY + 2));
        }

        prepared = prepare(
          module.conv2dInputGradientPreparedBytes,
          module.conv2dInputGradientPrepare,
        );
        scratch = bytes(module.conv2dInputGradientScratch);
        const held = drawValues(x.shape, { seed: convolution.seed + 5 });
        const largestDx = largest(
          conv2dBackpropInput(magnitudes(dy), magnitudes(filter), { ...windows, inSize }),
        );
        for (const flags of [0, ACCUMULATE]) {
          const inputGradient = run({
            blocks: { shape, dy, prepared, dx: held, scratch },
            last,
            call: ({ shape, dy, prepared, dx, scratch }) =>
              module.conv2dInputGradient(shape, images, dy, prepared, dx, flags, scratch),
          });
          const expected = conv2dBackpropInput(dy, filter, { ...windows, inSize });
          if (flags === ACCUMULATE) {
            held.data.forEach((value, i) => expected.data[i]! += value);
          }
          assertNear(inputGradient("dx"), expected, rounding * (largestDx + 2));
        }

        const filterSize: Sides = [filterSide, filterSide];
        const summed = drawValues(filter.shape, { seed: convolution.seed + 6 });
        scratch = bytes((shape) => module.conv2dFilterGradientScratch(shape, images));
        const filterGradient = run({
          blocks: { shape, x, dy, dFilter: summed, scratch },
          last,
          call: ({ shape, x, dy, dFilter, scratch }) =>
            module.conv2dFilterGradient(shape, images, x, dy, dFilter, scratch),
        });
        const expected = conv2dBackpropFilter(x, dy, { ...windows, filterSize });
        summed.data.forEach((value, i) => expected.data[i]! += value);
        const largestDFilter = largest(
          conv2dBackpropFilter(magnitudes(x), magnitudes(dy), { ...windows, filterSize }),
        );
        assertNear(filterGradient("dFilter"), expected, rounding * (largestDFilter + 2));
      }),
      { numRuns: 60 },
    );
  });
}

/** Of "same" padding; sizes of whose pixels Winograd's tiles fill enough. */
function windowsFor(filterSide: number, outSize: Sides) {
  const padding = (filterSide - 1) / 2;
  return { outSize, strides: [1, 1], padding: [padding, padding], dilations: [1, 1] } as const;
}

for (const side of [3, 5]) {
  Deno.test(`${side}×${side}: the gradient to the input by Winograd equals finite differences`, async () => {
    const x = drawValues([1, 6, 7, 16], { seed: 1 });
    const filter = drawValues([side, side, 16, 17], { seed: 2 });
    const dy = drawValues([1, 6, 7, 17], { seed: 3 });
    const windows = windowsFor(side, [6, 7]);
    const numeric = numericGradient((moved) => dot(conv2d(moved, filter, windows), dy), x);
    const attrs = { strides: 1, pad: "same", dataFormat: "NHWC", inputShape: x.shape };
    const inputs = { dy, filter };
    const actual = await runKernel("wasm", tf.Conv2DBackpropInput, { inputs, attrs });
    const distance = tolerance(side) * side ** 2 * 17 * 4;
    assertNear(Float32Array.from(actual.data), numeric, distance);
  });

  Deno.test(`${side}×${side}: the gradient to the filter by Winograd equals finite differences`, async () => {
    const x = drawValues([3, 5, 7, 16], { seed: 1 });
    const filter = drawValues([side, side, 16, 16], { seed: 2 });
    const dy = drawValues([3, 5, 7, 16], { seed: 3 });
    const windows = windowsFor(side, [5, 7]);
    const attrs = { strides: 1, pad: "same", dataFormat: "NHWC", filterShape: filter.shape };
    const { data } = await runKernel("wasm", tf.Conv2DBackpropFilter, { inputs: { x, dy }, attrs });
    // Along a few directions: there are many weights.
    for (let seed = 10; seed < 20; seed++) {
      const direction = drawValues(filter.shape, { seed });
      const along = (step: number) => {
        const moved = filter.data.map((value, i) => value + step * direction.data[i]!);
        return dot(conv2d(x, { ...filter, data: moved }, windows), dy);
      };
      const numeric = along(0.5) - along(-0.5);
      const analytic = data.reduce((sum, value, i) => sum + value * direction.data[i]!, 0);
      const magnitude = direction.data.length * 3 * 35 * 4;
      assert.ok(
        Math.abs(analytic - numeric) <= tolerance(side) * magnitude,
        `${analytic}, ${numeric}`,
      );
    }
  });
}

function magnitudes({ data, shape }: Values): Values {
  return { data: data.map(Math.abs), shape };
}

function largest({ data }: Values): number {
  return data.reduce((most, value) => Math.max(most, value), 0);
}

function assertNear(actual: Float32Array, { data }: Values, distance: number): void {
  assert.equal(actual.length, data.length);
  for (const [i, value] of data.entries()) {
    assert.ok(Math.abs(actual[i]! - value) <= distance, `${i}: ${actual[i]} for ${value}`);
  }
}

/** Of 12×12 pixels of 16 channels, all near 0.001 but the first one, which is near 1,000. */
function oneBrightPixel(): Values {
  const x = drawValues([1, 12, 12, 16], { seed: 1 });
  return { ...x, data: x.data.map((value, i) => Math.fround(value * (i < 16 ? 1000 : 0.001))) };
}

for (const side of [3, 5]) {
  Deno.test(`${side}×${side}: errors are a share of what the brightest pixel of a tile can make, not of the output`, async () => {
    const x = oneBrightPixel();
    const filter = drawValues([side, side, 16, 16], { seed: 2 });
    const actual = await runKernel("wasm", tf.Conv2D, {
      inputs: { x, filter },
      attrs: { strides: 1, pad: "same", dilations: 1, dataFormat: "NHWC" },
    });
    const windows = windowsFor(side, [12, 12]);
    const expected = conv2d(x, filter, windows);
    const own = conv2d(magnitudes(x), magnitudes(filter), windows);
    const byBrightest = Math.max(...own.data);
    let worst = 0;
    actual.data.forEach((value, i) => {
      const [row, column] = [Math.floor(i / 192), Math.floor(i / 16) % 12];
      // Tiles are of 4×4 outputs; only the first one's pixels include the bright one.
      const seesIt = row < 4 && column < 4;
      const error = Math.abs(value - expected.data[i]!);
      const limit = tolerance(side) * (seesIt ? byBrightest : own.data[i]!);
      assert.ok(error <= limit, `(${row}, ${column}): ${error}, more than ${limit}`);
      const isBeside = seesIt && (row > side / 2 || column > side / 2);
      if (isBeside) worst = Math.max(worst, error / own.data[i]!);
    });
    assert.ok(worst > 1e-3, `beside the bright pixel an output loses its digits: ${worst}`);
  });
}
