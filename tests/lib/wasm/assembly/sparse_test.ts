import fc from "fast-check";
import assert from "node:assert/strict";
import { convolutionFields, convolutionInfo } from "../../../../lib/wasm/kernels/convolution.ts";
import { convolutions, drawConvolution, hugeConvolutions } from "../convolutions.ts";
import { bytesOf, createGuardedMemory, guardedMemories, toValues } from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

for (const { name, create } of guardedMemories) {
  Deno.test(`sparse gradients of a convolution stay within their blocks, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(
        convolutions({ maxDilation: 2, minBatch: 1 }),
        fc.nat(),
        (convolution, last) => {
          const drawn = drawConvolution(convolution);
          const { x, filter, dy } = drawn;
          if (dy.data.length === 0) return;
          const info = convolutionInfo({ x: x.shape, filter: filter.shape }, convolution.attrs);
          const shape = Int32Array.from(convolutionFields(info));
          const images = info.batchSize;
          const bytes = (of: (shape: number) => number) => {
            let result = 0;
            run({ blocks: { shape }, last, call: (at) => result = of(at.shape) });
            return result;
          };

          let scratch = bytes(module.conv2dFilterGradientSparseScratch);
          const filterGradient = run({
            blocks: { shape, x, dy, dFilter: bytesOf(filter), scratch },
            last,
            call: (at) =>
              module.conv2dFilterGradientSparse(
                at.shape,
                images,
                at.x,
                at.dy,
                at.dFilter,
                at.scratch,
              ),
          });
          assertValues(toValues(filterGradient("dFilter"), filter.shape), drawn.dFilter());

          scratch = bytes(module.conv2dInputGradientSparseScratch);
          const inputGradient = run({
            blocks: { shape, dy, filter, dx: bytesOf(x), scratch },
            last,
            call: (at) =>
              module.conv2dInputGradientSparse(
                at.shape,
                images,
                at.dy,
                at.filter,
                at.dx,
                at.scratch,
              ),
          });
          assertValues(toValues(inputGradient("dx"), x.shape), drawn.dx());
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
});
