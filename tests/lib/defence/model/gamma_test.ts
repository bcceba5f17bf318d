/** The gamma distribution, against SciPy's (`gamma.fit` with location 0, and `gamma.sf`). */

import assert from "node:assert/strict";
import { fitGamma, gammaTail } from "../../../../lib/defence/model/gamma.ts";

function assertClose(actual: number, expected: number): void {
  assert.ok(Math.abs(actual / expected - 1) < 1e-9, `${actual}, expected ${expected}`);
}

for (
  const [values, shape, scale] of [
    [[3, 5, 8, 4, 6], 9.16447876087593, 0.5674081566099882],
    [[35, 33.3, 25, 46.4, 30, 41, 38, 36, 44], 31.384722510909178, 1.163694284998928],
    [[0.1, 2, 9], 0.5610309360837001, 6.595001740595633],
  ] as const
) {
  Deno.test(`the gamma distribution of ${values} has shape ${shape.toFixed(2)}`, () => {
    const fit = fitGamma(values);
    assertClose(fit.shape, shape);
    assertClose(fit.scale, scale);
  });
}

for (
  const [value, shape, scale, expected] of [
    [99.3, 20, 2, 5.973257526861163e-7],
    [3, 4.5, 1, 0.7399182920946538],
    [600, 40, 3, 4.626465961509842e-44],
    [0, 2, 1, 1],
  ] as const
) {
  Deno.test(`a tail of ${expected} lies beyond ${value} of shape ${shape}, scale ${scale}`, () => {
    assertClose(gammaTail(value, { shape, scale }), expected);
  });
}

Deno.test("of shape 1, the tail is that of the exponential distribution, on both sides of the mean", () => {
  for (const value of [1e-3, 0.5, 1.9, 2.1, 40, 700]) {
    assertClose(gammaTail(value, { shape: 1, scale: 1 }), Math.exp(-value));
  }
});

Deno.test("equal numbers have a distribution too: a narrow one about them", () => {
  const fit = fitGamma([7, 7, 7]);
  assert.ok(gammaTail(6.9, fit) > 0.99 && gammaTail(7.1, fit) < 0.01);
  assert.ok(Math.abs(gammaTail(7, fit) - 0.5) < 0.01);
});
