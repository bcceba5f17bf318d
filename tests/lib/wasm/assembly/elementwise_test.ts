import fc from "fast-check";
import { adamStep } from "../../../../lib/wasm/reference/adam_step.ts";
import { dropout } from "../../../../lib/wasm/reference/dropout.ts";
import { reluGrad } from "../../../../lib/wasm/reference/relu_grad.ts";
import { sum } from "../../../../lib/wasm/reference/sum.ts";
import { guardedMemories, toValues } from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

for (const { name, create } of guardedMemories) {
  Deno.test(`elementwise kernels and sums stay within their blocks, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(fc.nat(40), fc.nat(12), fc.nat(), fc.nat(), (n, rows, seed, last) => {
        const x = drawValues([n], { seed, density: 0.7 });
        const dy = drawValues([n], { seed: seed + 1 });
        const relu = run({
          blocks: { x, dy, dx: n * 4 },
          last,
          call: (at) => module.reluGradient(at.x, at.dy, n, at.dx),
        });
        assertValues(toValues(relu("dx"), [n]), reluGrad(x, dy));

        const dropped = run({
          blocks: { x, y: n * 4 },
          last,
          call: (at) => module.dropout(at.x, n, seed, 2 ** 31, 2, at.y),
        });
        assertValues(toValues(dropped("y"), [n]), dropout(x, { rate: 0.5, seed }));

        const table = drawValues([rows, n], { seed });
        const summed = run({
          blocks: { table, out: n * 4 },
          last,
          call: (at) => module.sumRows(at.table, rows, n, at.out),
        });
        assertValues(toValues(summed("out"), [n]), sum(table, 1));

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
        assertValues(toValues(adam("weights"), [n]), expected.value, 1e-6);
        assertValues(toValues(adam("first"), [n]), expected.firstMoment, 1e-6);
        assertValues(toValues(adam("second"), [n]), expected.secondMoment, 1e-6);
      }),
    );
  });
}
