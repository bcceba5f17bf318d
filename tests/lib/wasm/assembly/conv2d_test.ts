import fc from "fast-check";
import assert from "node:assert/strict";
import { ACCUMULATE, RELU } from "../../../../lib/wasm/interface/dense.ts";
import type { Values } from "../../../../lib/wasm/reference/values.ts";
import {
  type Convolution,
  convolutions,
  drawConvolution,
  hugeConvolutions,
} from "../convolutions.ts";
import { guardConvolution } from "../guarded_convolution.ts";
import {
  bytesOf,
  createGuardedMemory,
  guardedMemories,
  type GuardedMemory,
  toValues,
} from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

/** Larger than the drawn ones: rows and images that are taken in several chunks, or several a chunk. */
const large: readonly Convolution[] = [
  { x: [5, 4, 4, 20], filter: [2, 3, 20, 20], strides: 1 },
  { x: [3, 1, 1, 20], filter: [1, 1, 20, 3], strides: 1 },
  { x: [2, 34, 30, 3], filter: [5, 3, 3, 17], strides: [1, 2] as [number, number] },
  { x: [1, 20, 21, 33], filter: [3, 3, 33, 32], strides: [2, 1] as [number, number] },
].map(({ x, filter, strides }, seed) => ({
  x,
  filter,
  attrs: { strides, pad: "same", dilations: 1, dataFormat: "NHWC" },
  seed,
  density: 1,
}));

for (const { name, create } of guardedMemories) {
  Deno.test(`convolution and its gradients stay within their blocks, ${name}`, () => {
    const memory = create();
    fc.assert(
      fc.property(
        convolutions({ maxDilation: 3, minBatch: 1 }),
        fc.nat(),
        (convolution, last) => check(memory, convolution, last),
      ),
      { numRuns: 100 },
    );
  });

  Deno.test(`so do larger ones, ${name}`, () => {
    const memory = create();
    for (const convolution of large) check(memory, convolution, 0);
  });
}

Deno.test("a gradient to the filter takes frames of no more images than cache and batch hold", () => {
  const memory = createGuardedMemory();
  // Strides, dilation and padding that make a frame large beside the pixels that windows count.
  const convolution: Convolution = {
    x: [1, 4, 7, 16],
    filter: [4, 4, 16, 1],
    attrs: {
      strides: [4, 3],
      pad: 2,
      dilations: 3,
      dataFormat: "NHWC",
      dimRoundingMode: "round",
    },
    seed: 1,
    density: 1,
  };
  const { filter } = drawConvolution(convolution);
  const { bytes } = guardConvolution(memory, convolution, { filter, last: 0 });
  const scratch = (images: number) =>
    bytes((shape) => memory.module.conv2dFilterGradientScratch(shape, images));
  const frame = 10 * 10 * 16 * 4;
  assert.equal(scratch(2) - scratch(1), frame, "one image takes one frame");
  assert.equal(scratch(128) - scratch(1), (Math.floor(32768 / frame) - 1) * frame);
  check(memory, { ...convolution, x: [13, 4, 7, 16] }, 0);
});

Deno.test("sizes that no memory holds make scratch that none holds, not a small one", () => {
  const { module, run } = createGuardedMemory();
  for (const shape of hugeConvolutions()) {
    run({
      blocks: { shape },
      last: 0,
      call: ({ shape }) => {
        assert.ok(module.conv2dScratch(shape) > 2 ** 32);
        assert.ok(module.conv2dFilterGradientScratch(shape, 1) > 2 ** 32);
        assert.ok(module.conv2dInputGradientScratch(shape) > 2 ** 32);
      },
    });
  }
});

function plus(a: Values, b: Values): Values {
  return { data: a.data.map((value, i) => value + b.data[i]!), shape: a.shape };
}

/** Runs a convolution and its gradients, and compares them with their references. */
function check(memory: GuardedMemory, convolution: Convolution, last: number): void {
  const { module, run } = memory;
  const drawn = drawConvolution(convolution);
  const { x, filter, dy, bias } = drawn;
  if (dy.data.length === 0) return;
  const { info, shape, bytes, prepare } = guardConvolution(memory, convolution, { filter, last });
  const images = info.batchSize;

  let prepared = prepare(module.conv2dPreparedBytes, module.conv2dPrepare);
  let scratch = bytes(module.conv2dScratch);
  for (const flags of [0, RELU]) {
    const forward = run({
      blocks: { shape, x, prepared, y: bytesOf(dy), bias, scratch },
      last,
      call: (at) =>
        module.conv2d(
          at.shape,
          images,
          at.x,
          at.prepared,
          at.y,
          at.bias,
          flags,
          at.scratch,
        ),
    });
    const expected = drawn.yWithBias();
    if (flags === RELU) {
      expected.data.forEach((value, i) => expected.data[i] = Math.max(0, value));
    }
    assertValues(toValues(forward("y"), dy.shape), expected);
  }

  const dFilter = drawValues(filter.shape, { seed: convolution.seed + 4 });
  scratch = bytes((shape) => module.conv2dFilterGradientScratch(shape, images));
  const filterGradient = run({
    blocks: { shape, x, dy, dFilter, scratch },
    last,
    call: (at) =>
      module.conv2dFilterGradient(
        at.shape,
        images,
        at.x,
        at.dy,
        at.dFilter,
        at.scratch,
      ),
  });
  assertValues(
    toValues(filterGradient("dFilter"), filter.shape),
    plus(drawn.dFilter(), dFilter),
  );

  prepared = prepare(
    module.conv2dInputGradientPreparedBytes,
    module.conv2dInputGradientPrepare,
  );
  scratch = bytes(module.conv2dInputGradientScratch);
  const dx = drawValues(x.shape, { seed: convolution.seed + 5 });
  for (const flags of [0, ACCUMULATE]) {
    const inputGradient = run({
      blocks: { shape, dy, prepared, dx, scratch },
      last,
      call: (at) =>
        module.conv2dInputGradient(
          at.shape,
          images,
          at.dy,
          at.prepared,
          at.dx,
          flags,
          at.scratch,
        ),
    });
    assertValues(
      toValues(inputGradient("dx"), x.shape),
      flags === ACCUMULATE ? plus(drawn.dx(), dx) : drawn.dx(),
    );
  }
}
