import type * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import { convolutionFields } from "../../../../lib/wasm/interface/windows.ts";
import { convolutionInfo } from "../../../../lib/wasm/kernels/convolution.ts";
import { conv2dBackpropFilter } from "../../../../lib/wasm/reference/conv2d_backprop_filter.ts";
import { conv2dBackpropInput } from "../../../../lib/wasm/reference/conv2d_backprop_input.ts";
import { maxPool, maxPoolGrad } from "../../../../lib/wasm/reference/max_pool.ts";
import { sum } from "../../../../lib/wasm/reference/sum.ts";
import type { Values } from "../../../../lib/wasm/reference/values.ts";
import {
  type Convolution,
  convolutions,
  drawConvolution,
  hugeConvolutions,
} from "../convolutions.ts";
import { askForBytes } from "../guarded_convolution.ts";
import {
  bytesOf,
  createGuardedMemory,
  guardedMemories,
  type GuardedMemory,
  toValues,
} from "../guarded_memory.ts";
import { type Pooling, windowsOf } from "../poolings.ts";
import { assertValues, drawValues } from "../values.ts";

/** A convolution of one image, with what its sparse gradients are compared with. */
function drawImage(convolution: Convolution) {
  const drawn = drawConvolution({ ...convolution, x: [1, ...convolution.x.slice(1)] });
  const { x, filter } = drawn;
  const info = convolutionInfo({ x: x.shape, filter: filter.shape }, convolution.attrs);
  return { ...drawn, info, shape: Int32Array.from(convolutionFields(info)) };
}

type Image = ReturnType<typeof drawImage>;

/** What an image's lists are made of, and how. */
interface Source {
  readonly gradient: Values;
  /** Of the max pooling behind the convolution, or 0 for none. */
  readonly pooling: Int32Array | 0;
  readonly codes: Uint8Array | 0;
  list(at: Readonly<Record<"shape" | "gradient" | "pooling" | "codes" | "lists", number>>): void;
}

/** Asserts that both gradients, by lists of the source, are those of dy. */
function assertGradients(
  memory: GuardedMemory,
  { x, filter, windows, info, shape }: Image,
  { gradient, pooling, codes, list }: Source,
  { dy, seed, last }: { readonly dy: Values; readonly seed: number; readonly last: number },
): void {
  const { module, run } = memory;
  const bytes = askForBytes(memory, shape);
  const source = { shape, gradient, pooling, codes, lists: bytes(module.conv2dListsBytes) };

  const { filterHeight, filterWidth, inChannels, outChannels, inHeight, inWidth } = info;
  const dFilterT = drawValues([outChannels, filterHeight, filterWidth, inChannels], { seed });
  const dBias = drawValues([outChannels], { seed: seed + 1 });
  let scratch = bytes(module.conv2dFilterGradientSparseScratch);
  const toFilter = run({
    blocks: { ...source, x, dFilterT, dBias, scratch },
    last,
    call: (at) => {
      list(at);
      module.conv2dFilterGradientSparse(
        at.shape,
        at.x,
        at.lists,
        at.dFilterT,
        at.dBias,
        at.scratch,
      );
    },
  });
  const dFilter = conv2dBackpropFilter(x, dy, {
    ...windows,
    filterSize: [filterHeight, filterWidth],
  });
  assertValues(
    toValues(toFilter("dFilterT"), dFilterT.shape),
    plus(transposed(dFilter), dFilterT),
  );
  assertValues(toValues(toFilter("dBias"), dBias.shape), plus(sum(dy, 3), dBias));

  const prepared = bytes(module.conv2dInputGradientSparsePreparedBytes);
  scratch = bytes(module.conv2dInputGradientSparseScratch);
  const toInput = run({
    blocks: { ...source, filter, prepared, dx: bytesOf(x), scratch },
    last,
    call: (at) => {
      list(at);
      module.conv2dInputGradientSparsePrepare(at.shape, at.filter, at.prepared);
      module.conv2dInputGradientSparse(at.shape, at.lists, at.prepared, at.dx, at.scratch);
    },
  });
  assertValues(
    toValues(toInput("dx"), x.shape),
    conv2dBackpropInput(dy, filter, { ...windows, inSize: [inHeight, inWidth] }),
  );
}

/** `(filterH, filterW, inC, outC)` to `(outC, filterH, filterW, inC)`. */
function transposed({ data, shape: [h = 0, w = 0, inC = 0, outC = 0] }: Values): Values {
  const window = h * w * inC;
  return {
    data: data.map((_, i) => data[(i % window) * outC + Math.floor(i / window)]!),
    shape: [outC, h, w, inC],
  };
}

function plus(a: Values, b: Values): Values {
  return { data: a.data.map((value, i) => value + b.data[i]!), shape: b.shape };
}

const side = fc.integer({ min: 1, max: 3 });
/** A pooling whose windows do not overlap. */
const apart = fc.record({
  filterSize: fc.tuple(side, side),
  gap: fc.tuple(fc.nat(1), fc.nat(1)),
  pad: fc.oneof(fc.constantFrom("same" as const, "valid" as const), fc.nat(2)),
  dimRoundingMode: fc.constantFrom("floor" as const, "ceil" as const),
});

for (const { name, create } of guardedMemories) {
  Deno.test(`sparse gradients of a convolution stay within their blocks, ${name}`, () => {
    const memory = create();
    fc.assert(
      fc.property(
        convolutions({ maxDilation: 2, minBatch: 1 }),
        fc.nat(),
        (convolution, last) => {
          const image = drawImage(convolution);
          const { dy } = image;
          if (dy.data.length === 0) return;
          assertGradients(memory, image, {
            gradient: dy,
            pooling: 0,
            codes: 0,
            list: (at) => memory.module.conv2dListsFromDense(at.shape, at.gradient, at.lists),
          }, { dy, seed: convolution.seed + 4, last });
        },
      ),
      { numRuns: 100 },
    );
  });

  Deno.test(`sparse gradients behind max pooling stay within their blocks, ${name}`, () => {
    const memory = create();
    fc.assert(
      fc.property(
        convolutions({ maxDilation: 2, minBatch: 1 }),
        apart,
        fc.nat(),
        (convolution, { filterSize, gap, ...rest }, last) => {
          const image = drawImage(convolution);
          const { seed, density } = convolution;
          const y = drawValues(image.dy.shape, { seed: seed + 8 });
          if (y.data.length === 0) return;
          const strides = filterSize.map((size, i) => size + gap[i]!) as [number, number];
          const attrs: tf.MaxPoolGradAttrs = { filterSize, strides, ...rest };
          const windows = windowsOf({ x: y.shape as Pooling["x"], attrs, seed });
          const [, inH = 0, inW = 0, channels = 0] = y.shape;
          const { outSize, padding } = windows;
          if (outSize.some((size) => size < 1)) return;
          const gradient = drawValues([1, ...outSize, channels], { seed: seed + 9, density });
          const struct = [inH, inW, channels, ...filterSize, ...outSize, ...strides, ...padding];
          assertGradients(memory, image, {
            gradient,
            pooling: Int32Array.from([...struct, 1, 1]),
            codes: maxPool(y, windows).codes,
            list: ({ shape, pooling, gradient, codes, lists }) =>
              memory.module.conv2dListsFromPool(shape, pooling, gradient, codes, lists),
          }, { dy: maxPoolGrad(y, gradient, windows), seed: seed + 4, last });
        },
      ),
      { numRuns: 100 },
    );
  });

  Deno.test(`values that are not zero are counted, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(fc.nat(40), fc.nat(), (n, seed) => {
        const x = drawValues([n], { seed, density: 0.7 });
        const expected = x.data.filter((value) => value !== 0).length;
        run({
          blocks: { x },
          last: 0,
          call: (at) => assert.equal(module.countNonZero(at.x, n), expected),
        });
      }),
    );
  });
}

Deno.test("lists hold a NaN, and neither of both zeros", () => {
  const { module, run } = createGuardedMemory();
  const dz = { data: Float64Array.of(-0, NaN, 0, 3), shape: [1, 4] };
  const result = run({
    blocks: {
      dz,
      wT: { data: Float64Array.of(Infinity, 1, Infinity, 1), shape: [4, 1] },
      lists: module.denseListsBytes(1, 4),
      dx: 4,
      dWT: 16,
    },
    last: 0,
    call: ({ dz, wT, lists, dx, dWT }) => {
      module.denseLists(dz, 1, 4, lists);
      module.denseInputGradientSparse(lists, 1, 4, wT, 4, 0, 1, dx, 4);
      module.denseWeightGradientSparse(lists, 1, 4, wT, 4, 0, 1, dWT, 4);
    },
  });
  assert.deepEqual([...result("dx")], [NaN]);
  assert.deepEqual([...result("dWT")], [0, NaN, 0, Infinity]);
});

Deno.test("sizes that no memory holds make scratch that none holds, not a small one", () => {
  const { module, run } = createGuardedMemory();
  for (const shape of hugeConvolutions()) {
    run({
      blocks: { shape },
      last: 0,
      call: ({ shape }) => {
        assert.ok(module.conv2dFilterGradientSparseScratch(shape) > 2 ** 32);
        assert.ok(module.conv2dInputGradientSparseScratch(shape) > 2 ** 32);
      },
    });
  }
  assert.ok(module.denseListsBytes(2 ** 20, 2 ** 20) > 2 ** 43);
});
