import fc from "fast-check";
import { reluGrad } from "../../../../lib/wasm/reference/relu_grad.ts";
import { guardedMemories, toValues } from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

for (const { name, create } of guardedMemories) {
  Deno.test(`ReLU's gradient is scaled, and may overwrite dy, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(fc.nat(40), fc.nat(), fc.nat(), fc.boolean(), (n, seed, last, inPlace) => {
        const y = drawValues([n], { seed, density: 0.7 });
        const dy = drawValues([n], { seed: seed + 1 });
        const result = run({
          blocks: { y, dy, dx: n * 4 },
          last,
          call: (at) => module.reluGradient(at.y, at.dy, n, 4, inPlace ? at.dy : at.dx),
        });
        const scaled = { data: dy.data.map((value) => value * 4), shape: [n] };
        assertValues(toValues(result(inPlace ? "dy" : "dx"), [n]), reluGrad(y, scaled));
      }),
    );
  });

  Deno.test(`two branches are added, with ReLU and without, in place or not, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(fc.nat(40), fc.nat(), fc.nat(), fc.boolean(), (n, seed, last, relu) => {
        const x = drawValues([n], { seed });
        const y = drawValues([n], { seed: seed + 1 });
        for (const out of ["x", "y", "out"] as const) {
          const result = run({
            blocks: { x, y, out: n * 4 },
            last,
            call: (at) => module.add(at.x, at.y, n, relu ? 1 : 0, at[out]),
          });
          const sums = x.data.map((value, i) => value + y.data[i]!);
          const data = relu ? sums.map((sum) => Math.max(0, sum)) : sums;
          assertValues(toValues(result(out), [n]), { data, shape: [n] });
        }
      }),
    );
  });

  Deno.test(`the square's gradient is 2 · x · dy, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(fc.nat(40), fc.nat(), fc.nat(), (n, seed, last) => {
        const x = drawValues([n], { seed });
        const dy = drawValues([n], { seed: seed + 1 });
        const result = run({
          blocks: { x, dy, dx: n * 4 },
          last,
          call: (at) => module.squareGradient(at.x, at.dy, n, at.dx),
        });
        const data = x.data.map((value, i) => 2 * value * dy.data[i]!);
        assertValues(toValues(result("dx"), [n]), { data, shape: [n] });
      }),
    );
  });
}
