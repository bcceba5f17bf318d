import fc from "fast-check";
import { dropout } from "../../../../lib/wasm/reference/dropout.ts";
import { guardedMemories, toValues } from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

for (const { name, create } of guardedMemories) {
  Deno.test(`dropout of a part is that part of the whole tensor's dropout, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), fc.nat(), fc.nat(), (first, n, seed, last) => {
        const whole = drawValues([first + n], { seed });
        const x = { data: whole.data.slice(first), shape: [n] };
        const dropped = run({
          blocks: { x, y: n * 4 },
          last,
          call: (at) => module.dropout(at.x, n, first, seed, 2 ** 31, 2, at.y),
        });
        const data = dropout(whole, { rate: 0.5, seed }).data.slice(first);
        assertValues(toValues(dropped("y"), [n]), { data, shape: [n] });
      }),
    );
  });
}
