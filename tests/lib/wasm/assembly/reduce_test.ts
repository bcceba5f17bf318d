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

  Deno.test(`means of rows, and a row repeated, stay within their blocks, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.integer({ min: 1, max: 12 }),
        fc.nat(),
        fc.nat(),
        (n, rows, seed, last) => {
          const x = drawValues([rows, n], { seed });
          const mean = run({
            blocks: { x, out: n * 4 },
            last,
            call: (at) => module.meanRows(at.x, rows, n, at.out),
          });
          const means = { data: sum(x, 1).data.map((value) => value / rows), shape: [n] };
          assertValues(toValues(mean("out"), [n]), means, 1e-6);
          const row = drawValues([n], { seed });
          const repeated = run({
            blocks: { row, out: rows * n * 4 },
            last,
            call: (at) => module.repeatRow(at.row, rows, n, 0.5, at.out),
          });
          const data = x.data.map((_, i) => row.data[i % n]! / 2);
          assertValues(toValues(repeated("out"), [rows, n]), { data, shape: [rows, n] });
        },
      ),
    );
  });
}
