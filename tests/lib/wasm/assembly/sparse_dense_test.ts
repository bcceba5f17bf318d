import fc from "fast-check";
import { matMul } from "../../../../lib/wasm/reference/mat_mul.ts";
import type { Values } from "../../../../lib/wasm/reference/values.ts";
import { guardedMemories, toValues } from "../guarded_memory.ts";
import { assertValues, drawValues } from "../values.ts";

/** Floats between two rows: what is between them must stay as it is. */
const GAP = 3;

for (const { name, create } of guardedMemories) {
  Deno.test(`sparse gradients of a dense layer equal their reference, ${name}`, () => {
    const { module, run } = create();
    const size = fc.integer({ min: 1, max: 12 });
    const inputs = fc.oneof(size, fc.integer({ min: 90, max: 220 }));
    fc.assert(
      fc.property(
        fc.tuple(size, size, inputs, fc.nat(), fc.nat(), fc.nat(), fc.nat()),
        fc.constantFrom(1, 0.5, 0.25, 0),
        ([images, units, inputs, a, b, seed, last], density) => {
          const [from, to] = [a % (inputs + 1), b % (inputs + 1)].toSorted((a, b) => a - b) as [
            number,
            number,
          ];
          const dz = drawValues([1, images, units], { seed, density });
          const x = drawValues([1, images, inputs + GAP], { seed: seed + 1 });
          const wT = drawValues([1, units, inputs + GAP], { seed: seed + 2 });
          const dx = drawValues(x.shape, { seed: seed + 3 });
          const dWT = drawValues([1, units, to - from + GAP], { seed: seed + 4 });
          const pitch = (inputs + GAP) * 4;
          const lists = module.denseListsBytes(images, units);
          const result = run({
            blocks: { dz, x, wT, dx, dWT, lists },
            last,
            call: (at) => {
              module.denseLists(at.dz, images, units, at.lists);
              const sizes = [at.lists, images, units] as const;
              module.denseInputGradientSparse(...sizes, at.wT, pitch, from, to, at.dx, pitch);
              const dWTPitch = (to - from + GAP) * 4;
              module.denseWeightGradientSparse(...sizes, at.x, pitch, from, to, at.dWT, dWTPitch);
            },
          });
          const expectedDx = matMul(dz, wT);
          assertValues(
            toValues(result("dx"), dx.shape),
            within(dx, (column) => column >= from && column < to, expectedDx, 0),
          );
          const expectedDWT = matMul(dz, x, { transposeA: true });
          assertValues(
            toValues(result("dWT"), dWT.shape),
            within(dWT, (column) => column < to - from, expectedDWT, from),
          );
        },
      ),
      { numRuns: 100 },
    );
  });
}

/** `held`, with what `computed` has `shift` columns further on where the column is one of those. */
function within(
  held: Values,
  isComputed: (column: number) => boolean,
  computed: Values,
  shift: number,
): Values {
  const columns = held.shape[2]!, computedColumns = computed.shape[2]!;
  return {
    data: held.data.map((value, i) => {
      const column = i % columns;
      const at = Math.floor(i / columns) * computedColumns + column + shift;
      return isComputed(column) ? computed.data[at]! : value;
    }),
    shape: held.shape,
  };
}
