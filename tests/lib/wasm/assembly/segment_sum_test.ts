import fc from "fast-check";
import { unsortedSegmentSum } from "../../../../lib/wasm/reference/unsorted_segment_sum.ts";
import { guardedMemories, toValues } from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

for (const { name, create } of guardedMemories) {
  Deno.test(`rows are summed by segment, those of none left out, ${name}`, () => {
    const { module, run } = create();
    const id = fc.oneof(
      fc.integer({ min: 0, max: 6 }),
      fc.constantFrom(-1, 2 ** 31 - 1, -(2 ** 31)),
    );
    fc.assert(
      fc.property(
        fc.array(id, { maxLength: 12 }),
        fc.nat(11),
        fc.nat(6),
        fc.nat(),
        (ids, columns, segments, seed) => {
          const x = drawValues([ids.length, columns], { seed });
          const result = run({
            blocks: { x, ids: Int32Array.from(ids), out: segments * columns * 4 },
            last: seed,
            call: (at) =>
              module.unsortedSegmentSum(at.x, at.ids, ids.length, columns, segments, at.out),
          });
          assertValues(
            toValues(result("out"), [segments, columns]),
            unsortedSegmentSum(x, ids, segments),
          );
        },
      ),
    );
  });
}
