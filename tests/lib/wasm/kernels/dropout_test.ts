import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import { hashDropout } from "../../../../lib/wasm/mod.ts";
import { dropout } from "../../../../lib/wasm/reference/dropout.ts";
import { assertValues, drawValues, evaluate, toTensor } from "../values.ts";

/** 0 or 1 for each of `size` positions: whether it is kept. */
async function mask(size: number, rate: number, seed: number): Promise<Float64Array> {
  const { data } = await evaluate("wasm", () => hashDropout(tf.ones([size]), { rate, seed }));
  return data.map((value) => value === 0 ? 0 : 1);
}

const seeds = fc.integer({ min: 0, max: 0xffffffff });

Deno.test("dropout equals its reference, and the same seed draws the same mask", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(70),
      fc.constantFrom(0, 0.25, 0.5, 0.999),
      seeds,
      async (size, rate, seed) => {
        const x = drawValues([size], { seed: 1 });
        const compute = () => hashDropout(toTensor(x), { rate, seed });
        const first = await evaluate("wasm", compute);
        assertValues(first, dropout(x, { rate, seed }), 1e-6);
        assertValues(await evaluate("wasm", compute), first);
      },
    ),
  );
});

Deno.test("the gradient goes through the mask of the forward pass", async () => {
  const x = drawValues([6, 7], { seed: 1 });
  const dy = drawValues([6, 7], { seed: 2 });
  const options = { rate: 0.4, seed: 11 };
  const gradient = await evaluate(
    "wasm",
    () => tf.grad((input) => hashDropout(input, options))(toTensor(x), toTensor(dy)),
  );
  assertValues(gradient, dropout(dy, options), 1e-6);
});

Deno.test("the share of kept values is 1 − rate", async () => {
  const size = 200_000;
  for (const rate of [0.1, 0.25, 0.5, 0.9]) {
    const kept = (await mask(size, rate, 3)).reduce((sum, value) => sum + value, 0);
    // Five standard deviations of a binomial.
    const slack = 5 * Math.sqrt(size * rate * (1 - rate));
    assert.ok(Math.abs(kept - size * (1 - rate)) < slack, `kept ${kept} at rate ${rate}`);
  }
});

Deno.test("masks of different seeds, and neighbours within one, are independent", async () => {
  const size = 100_000;
  const seedPairs = [[0, 1], [1, 2], [7, 0x80000007], [123, 0xffffffff]] as const;
  for (const [one, other] of seedPairs) {
    const a = await mask(size, 0.5, one);
    const b = await mask(size, 0.5, other);
    for (const shift of [0, 1, 4]) {
      const both = a.reduce((sum, value, i) => sum + value * (b[(i + shift) % size]!), 0);
      const same = a.reduce((sum, value, i) => sum + value * (a[(i + shift + 1) % size]!), 0);
      // Expected a quarter; five standard deviations.
      const slack = 5 * Math.sqrt(size * 3 / 16);
      assert.ok(Math.abs(both - size / 4) < slack, `${both} for seeds ${one}, ${other}, ${shift}`);
      assert.ok(Math.abs(same - size / 4) < slack, `${same} within seed ${one}, ${shift}`);
    }
  }
});

Deno.test("a rate or seed out of range is refused", async () => {
  await tf.setBackend("wasm");
  const x = tf.ones([1]);
  for (const rate of [-0.1, 1, NaN]) {
    assert.throws(() => hashDropout(x, { rate, seed: 1 }), /rate must be from 0 to below 1, got/);
  }
  for (const seed of [-1, 2 ** 32, 0.5, NaN]) {
    assert.throws(() => hashDropout(x, { rate: 0.5, seed }), /seed must be an integer from 0/);
  }
  x.dispose();
});
