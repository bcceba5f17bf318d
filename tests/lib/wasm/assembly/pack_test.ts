import fc from "fast-check";
import assert from "node:assert/strict";
import { bytesOf, guardedMemories } from "../guarded_memory.ts";
import { drawValues } from "../values.ts";

for (const { name, create } of guardedMemories) {
  Deno.test(`a matrix is transposed within its blocks, ${name}`, () => {
    const { module, run } = create();
    const size = fc.nat(13);
    fc.assert(
      fc.property(size, size, fc.nat(), fc.nat(), (rows, columns, seed, last) => {
        const from = drawValues([rows, columns], { seed });
        const result = run({
          blocks: { from, to: bytesOf(from) },
          last,
          call: (at) => module.transpose(at.from, rows, columns, at.to),
        });
        const expected = Array.from(
          { length: rows * columns },
          (_, i) => from.data[(i % rows) * columns + Math.floor(i / rows)],
        );
        assert.deepEqual([...result("to")], expected);
      }),
    );
  });

  Deno.test(`a block is made zero, and nothing else, ${name}`, () => {
    const { module, run } = create();
    for (const n of [0, 1, 7]) {
      const values = drawValues([n], { seed: n });
      const result = run({
        blocks: { values, behind: 4 },
        last: 1,
        call: (at) => module.fill(at.values, n * 4),
      });
      assert.ok(result("values").every((value) => value === 0));
      assert.ok(Number.isNaN(result("behind")[0]), "the next block's pattern");
    }
  });
}
