import fc from "fast-check";
import { adam } from "../../../../lib/wasm/reference/adam.ts";
import { sgd } from "../../../../lib/wasm/reference/sgd.ts";
import type { Values } from "../../../../lib/wasm/reference/values.ts";
import { guardedMemories, toValues } from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

/** A gradient in parts with room between them, and their sum. */
function drawParts(n: number, parts: number, seed: number): { gradients: Values; sum: Values } {
  const gradients = drawValues([parts, n + 3], { seed });
  const data = new Float64Array(n);
  for (let part = 0; part < parts; part++) {
    for (let i = 0; i < n; i++) data[i]! += gradients.data[part * (n + 3) + i]!;
  }
  return { gradients, sum: { data, shape: [n] } };
}

const sizes = fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 4 }), fc.nat(), fc.nat());

for (const { name, create } of guardedMemories) {
  Deno.test(`Adam sums the parts of a gradient and equals its reference, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(sizes, fc.constantFrom(0, 0.5), ([n, parts, seed, last], weightDecay) => {
        const value = drawValues([n], { seed });
        const firstMoment = drawValues([n], { seed: seed + 1 });
        const squares = firstMoment.data.map((moment) => moment * moment);
        const secondMoment = { data: squares, shape: [n] };
        const { gradients, sum } = drawParts(n, parts, seed + 2);
        const result = run({
          blocks: { value, firstMoment, secondMoment, gradients },
          last,
          call: (at) =>
            module.adam(
              at.value,
              at.firstMoment,
              at.secondMoment,
              at.gradients,
              parts,
              (n + 3) * 4,
              n,
              0.01 / 0.75,
              0.5,
              0.75,
              1 / (1 - 0.75 ** 2),
              1e-3,
              0.01 * weightDecay,
            ),
        });
        const options = { learningRate: 0.01, beta1: 0.5, beta2: 0.75, epsilon: 1e-3, step: 2 };
        const expected = adam({ value, firstMoment, secondMoment }, sum, {
          ...options,
          weightDecay,
        });
        for (const part of ["value", "firstMoment", "secondMoment"] as const) {
          assertValues(toValues(result(part), [n]), expected[part], 1e-6);
        }
      }),
    );
  });

  Deno.test(`SGD sums the parts of a gradient and equals its reference, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(sizes, fc.boolean(), ([n, parts, seed, last], nesterov) => {
        const value = drawValues([n], { seed });
        const velocity = drawValues([n], { seed: seed + 1 });
        const { gradients, sum } = drawParts(n, parts, seed + 2);
        // Powers of two: exact in float32.
        const options = { learningRate: 1 / 8, momentum: 1 / 2, weightDecay: 1 / 4, nesterov };
        const result = run({
          blocks: { value, velocity, gradients },
          last,
          call: (at) =>
            module.sgd(
              at.value,
              at.velocity,
              at.gradients,
              parts,
              (n + 3) * 4,
              n,
              options.learningRate,
              options.momentum,
              options.weightDecay,
              nesterov ? 1 : 0,
            ),
        });
        const expected = sgd({ value, velocity }, sum, options);
        for (const part of ["value", "velocity"] as const) {
          assertValues(toValues(result(part), [n]), expected[part]);
        }
      }),
    );
  });
}
