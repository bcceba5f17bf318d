import fc from "fast-check";
import assert from "node:assert/strict";
import { softmax, softmaxCrossEntropy } from "../../../../lib/wasm/reference/softmax.ts";
import { createGuardedMemory, guardedMemories, toValues } from "../guarded_memory.ts";
import { numericGradient } from "../numeric_gradient.ts";
import { assertValues, drawValues } from "../values.ts";

const columns = fc.integer({ min: 1, max: 23 });

for (const { name, create } of guardedMemories) {
  Deno.test(`softmax equals its reference, in place or not, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(
        fc.tuple(fc.nat(5), columns, fc.nat(), fc.nat()),
        fc.constantFrom(1, 10, 30),
        ([rows, columns, seed, last], spread) => {
          const x = drawValues([rows, columns], { seed });
          x.data.forEach((value, i) => x.data[i] = value * spread);
          for (const to of ["x", "y"] as const) {
            const result = run({
              blocks: { x, y: rows * columns * 4 },
              last,
              call: (at) => module.softmax(at.x, rows, columns, at[to]),
            });
            assertRelative(result(to), softmax(x).data, 1e-6);
          }
        },
      ),
    );
  });

  Deno.test(`softmax cross-entropy's gradient equals finite differences, ${name}`, () => {
    const { module, run } = create();
    fc.assert(
      fc.property(fc.nat(4), columns, fc.nat(), fc.nat(), (rows, classes, seed, last) => {
        const logits = drawValues([rows, classes], { seed });
        const labels = Uint8Array.from({ length: rows }, (_, i) => (seed + i * 7) % classes);
        const gain = 0.25;
        const numeric = numericGradient(
          (moved) => gain * softmaxCrossEntropy(moved, labels),
          logits,
        );
        const chances = softmax(logits).data;
        for (const to of ["logits", "dLogits"] as const) {
          const result = run({
            blocks: { logits, labels, p: rows * 4, dLogits: rows * classes * 4 },
            last,
            call: (at) =>
              module.softmaxCrossEntropyGradient(
                at.logits,
                at.labels,
                rows,
                classes,
                gain,
                at.p,
                at[to],
              ),
          });
          assertValues(toValues(result(to), [rows, classes]), numeric, 1e-6);
          const expected = Float64Array.from(labels, (label, i) => chances[i * classes + label]!);
          assertRelative(result("p"), expected, 1e-6);
        }
      }),
      { numRuns: 50 },
    );
  });
}

Deno.test("cross-entropies stay within their blocks, and equal their definition", () => {
  const { module, run } = createGuardedMemory();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), columns, fc.nat(), (rows, classes, seed) => {
      const logits = drawValues([rows, classes], { seed });
      const labels = drawValues([rows, classes], { seed: seed + 1, density: 0.5 });
      const result = run({
        blocks: { logits, labels, losses: rows * 4, scratch: classes * 4 },
        last: seed,
        call: (at) =>
          module.softmaxCrossEntropy(
            at.logits,
            at.labels,
            rows,
            classes,
            at.losses,
            at.scratch,
          ),
      });
      const logarithms = softmax(logits).data.map((p) => Math.log(p));
      const data = Float64Array.from({ length: rows }, (_, i) => {
        const row = logarithms.subarray(i * classes, (i + 1) * classes);
        return row.reduce((loss, value, j) => loss - value * labels.data[i * classes + j]!, 0);
      });
      // Terms of either sign, of up to ten: their sum may be small.
      assertValues(toValues(result("losses"), [rows]), { data, shape: [rows] }, 1e-5);
    }),
  );
});

Deno.test("exponentials are right to two units in the last place, and to zero where they vanish", () => {
  const { module, run } = createGuardedMemory();
  // Two columns: y = eˣ / (1 + eˣ) beside a zero. From −87.3 on it is that of a normal number.
  const rows = 20_001;
  const x = { data: new Float64Array(rows * 2), shape: [rows, 2] };
  for (let i = 0; i < rows; i++) x.data[i * 2] = Math.fround(-90 * i / (rows - 1));
  const result = run({
    blocks: { x },
    last: 0,
    call: (at) => module.softmax(at.x, rows, 2, at.x),
  })("x");
  for (let i = 0; i < rows; i++) {
    const value = x.data[i * 2]!;
    const expected = value < Math.fround(-87.3) ? 0 : Math.exp(value) / (1 + Math.exp(value));
    const error = Math.abs(result[i * 2]! - expected);
    // Two of the exponential, and one of the division.
    assert.ok(error <= 3 * 2 ** -23 * expected, `softmax at ${value}: ${result[i * 2]}`);
  }
});

Deno.test("infinite and missing logits make what they make of exp and sum", () => {
  const { module, run } = createGuardedMemory();
  const of = (...row: number[]) => [
    ...run({
      blocks: { x: { data: Float64Array.from(row), shape: [1, row.length] } },
      last: 0,
      call: (at) => module.softmax(at.x, 1, row.length, at.x),
    })("x"),
  ];
  assert.deepEqual(of(0, -Infinity, 0, -Infinity, -Infinity), [0.5, 0, 0.5, 0, 0]);
  assert.deepEqual(of(0, 1, NaN, 2, 3), Array(5).fill(NaN));
  assert.deepEqual(of(0, 1, 2, 3, NaN), Array(5).fill(NaN));
});

/** Asserts each value to a tolerance relative to it. */
function assertRelative(
  actual: Float32Array,
  expected: Float64Array,
  tolerance: number,
): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    const error = Math.abs(actual[i]! - value);
    // What is below float32's normal range may be 0.
    assert.ok(
      error <= tolerance * value || value < 1.2e-38,
      `value ${i}: ${actual[i]} for ${value}`,
    );
  }
}
