import assert from "node:assert/strict";
import fc from "fast-check";
import { RELU } from "../../../../lib/wasm/interface/dense.ts";
import { matMul } from "../../../../lib/wasm/reference/mat_mul.ts";
import { guardedMemories, toValues } from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

/** Floats between two rows of weights, and of outputs. */
const GAP = 3;

for (const { name, create } of guardedMemories) {
  Deno.test(`a dense layer's forward pass equals its reference at any density, ${name}`, () => {
    const { module, run } = create();
    const size = fc.integer({ min: 1, max: 12 });
    const inputs = fc.oneof(size, fc.integer({ min: 500, max: 530 }));
    fc.assert(
      fc.property(
        fc.tuple(size, inputs, fc.integer({ min: 1, max: 120 }), fc.nat(), fc.nat()),
        fc.constantFrom(1, 0.5, 0.25, 0.1, 0),
        fc.boolean(),
        fc.boolean(),
        ([images, inputs, units, seed, last], density, hasBias, relu) => {
          const x = drawValues([1, images, inputs], { seed, density });
          const padded = drawValues([1, inputs, units + GAP], { seed: seed + 1 });
          const bias = drawValues([units], { seed: seed + 2 });
          const y = drawValues([1, images, units + GAP], { seed: seed + 3 });
          const pitch = (units + GAP) * 4;
          const result = run({
            blocks: { x, w: padded, bias, y, scratch: module.denseForwardScratch(inputs, units) },
            last,
            call: (at) => {
              const ofBias = hasBias ? at.bias : 0;
              const flags = relu ? RELU : 0;
              const [from, to] = [[at.x, images, inputs], [at.y, pitch, at.scratch]] as const;
              module.denseForward(...from, at.w, pitch, units, ofBias, flags, ...to);
            },
          });
          const isThere = (_: number, i: number) => i % (units + GAP) < units;
          const w = { data: padded.data.filter(isThere), shape: [1, inputs, units] };
          const expected = matMul(x, w, hasBias ? { bias } : {});
          if (relu) expected.data.forEach((value, i) => expected.data[i] = Math.max(0, value));
          const actual = toValues(result("y"), y.shape);
          assertValues({ data: actual.data.filter(isThere), shape: expected.shape }, expected);
          const between = (values: typeof y) => values.data.filter((_, i) => !isThere(_, i));
          assert.deepEqual(between(actual), between(y), "what lies between rows stays");
        },
      ),
      { numRuns: 150 },
    );
  });

  Deno.test(`with many zeros and with few, a dense layer sums in the same order, ${name}`, () => {
    const { module, run } = create();
    const [inputs, units] = [1200, 16];
    const x = drawValues([1, 4, inputs], { seed: 1, density: 0.1 });
    const w = drawValues([1, inputs, units], { seed: 2 });
    const bias = drawValues([units], { seed: 3 });
    const sizes = [inputs * 4, 4] as const;
    const scratch = module.denseForwardScratch(inputs, units);
    const blocks = { x, w, bias, y: 4 * units * 4, z: 4 * units * 4, scratch };
    const result = run({
      blocks,
      last: 0,
      call: (at) => {
        const to = [at.y, units * 4, at.scratch] as const;
        module.denseForward(at.x, 4, inputs, at.w, units * 4, units, at.bias, 0, ...to);
        const shape = [4, units, inputs, at.bias, 0, at.scratch] as const;
        module.matMul(at.x, ...sizes, at.w, units * 4, 4, at.z, units * 4, ...shape);
      },
    });
    assert.deepEqual(result("y"), result("z"));
  });
}
