import fc from "fast-check";
import assert from "node:assert/strict";
import { ACCUMULATE, RELU } from "../../../../lib/wasm/interface/dense.ts";
import { convolutionFields, convolutionInfo } from "../../../../lib/wasm/kernels/convolution.ts";
import type { Values } from "../../../../lib/wasm/reference/values.ts";
import { convolutions, drawConvolution, hugeConvolutions } from "../convolutions.ts";
import { bytesOf, createGuardedMemory, guardedMemories, toValues } from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

for (const { name, create } of guardedMemories) {
  Deno.test(`convolution and its gradients stay within their blocks, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(
        convolutions({ maxDilation: 3, minBatch: 1 }),
        fc.nat(),
        (convolution, last) => {
          const drawn = drawConvolution(convolution);
          const { x, filter, dy, bias } = drawn;
          if (dy.data.length === 0) return;
          const info = convolutionInfo({ x: x.shape, filter: filter.shape }, convolution.attrs);
          const shape = Int32Array.from(convolutionFields(info));
          const images = info.batchSize;
          const bytes = (of: (shape: number) => number) => {
            let result = 0;
            run({ blocks: { shape }, last, call: (at) => result = of(at.shape) });
            return result;
          };
          const prepare = (
            size: (shape: number) => number,
            kernel: (shape: number, filter: number, prepared: number) => void,
          ): Values => {
            const result = run({
              blocks: { shape, filter, prepared: bytes(size) },
              last,
              call: (at) => kernel(at.shape, at.filter, at.prepared),
            });
            const data = result("prepared");
            return toValues(data, [data.length]);
          };

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
          scratch = bytes(module.conv2dFilterGradientScratch);
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
        },
      ),
      { numRuns: 100 },
    );
  });
}

Deno.test("sizes that no memory holds make scratch that none holds, not a small one", () => {
  const { module, run } = createGuardedMemory();
  for (const shape of hugeConvolutions()) {
    run({
      blocks: { shape },
      last: 0,
      call: ({ shape }) => {
        assert.ok(module.conv2dScratch(shape) > 2 ** 32);
        assert.ok(module.conv2dFilterGradientScratch(shape) > 2 ** 32);
        assert.ok(module.conv2dInputGradientScratch(shape) > 2 ** 32);
      },
    });
  }
});

function plus(a: Values, b: Values): Values {
  return { data: a.data.map((value, i) => value + b.data[i]!), shape: a.shape };
}
