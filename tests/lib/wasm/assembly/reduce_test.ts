import fc from "fast-check";
import { sum } from "../../../../lib/wasm/reference/sum.ts";
import { guardedMemories, toValues } from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

for (const { name, create } of guardedMemories) {
  Deno.test(`sums of rows stay within their blocks, and are added where asked, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(fc.nat(40), fc.nat(12), fc.nat(), fc.nat(), (n, rows, seed, last) => {
        const x = drawValues([rows, n], { seed });
        const out = drawValues([n], { seed: seed + 1 });
        const expected = sum(x, 1);
        const summed = run({
          blocks: { x, out },
          last,
          call: (at) => module.sumRows(at.x, rows, n, at.out),
        });
        assertValues(toValues(summed("out"), [n]), expected);
        const added = run({
          blocks: { x, out },
          last,
          call: (at) => module.addRowSums(at.x, rows, n, at.out),
        });
        const data = expected.data.map((value, i) => value + out.data[i]!);
        assertValues(toValues(added("out"), [n]), { data, shape: [n] });
      }),
    );
  });
}
