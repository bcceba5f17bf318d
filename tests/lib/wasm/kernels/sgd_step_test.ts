import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { sgdStep } from "../../../../lib/wasm/kernels/sgd_step.ts";
import { sgd } from "../../../../lib/wasm/reference/sgd.ts";
import { assertValues, drawValues, evaluate, toTensor } from "../values.ts";

const options = { learningRate: 1 / 8, momentum: 1 / 2, weightDecay: 1 / 4, nesterov: false };

Deno.test("a step of SGD equals its reference to the last bit", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(40), fc.boolean(), fc.nat(), async (n, nesterov, seed) => {
      const value = drawValues([n], { seed });
      const gradient = drawValues([n], { seed: seed + 1, density: 0.8 });
      const velocity = drawValues([n], { seed: seed + 2 });
      const expected = sgd({ value, velocity }, gradient, { ...options, nesterov });
      const actual = await evaluate("wasm", () => {
        const state = { value: toTensor(value), velocity: toTensor(velocity) };
        const next = sgdStep(state, toTensor(gradient), { ...options, nesterov });
        return tf.stack([next, state.velocity, state.value]);
      });
      const rows = [expected.value, expected.velocity, value];
      const data = Float64Array.from(rows.flatMap((row) => [...row.data]));
      assertValues(actual, { data, shape: [3, n] });
    }),
  );
});

Deno.test("a gradient of another shape than its variable is refused", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() => {
    const state = { value: tf.zeros([5]), velocity: tf.zeros([5]) };
    assert.throws(
      () => sgdStep(state, tf.zeros([4]), options),
      /Cannot take a step of SGD: gradient/,
    );
  });
});
