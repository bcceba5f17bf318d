import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { adamStep } from "../../../../lib/wasm/kernels/adam_step.ts";
import { adam } from "../../../../lib/wasm/reference/adam.ts";
import { assertValues, drawValues, evaluate, toTensor } from "../values.ts";

const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0 };

Deno.test("a step of Adam equals its reference to float32 rounding, for any size and step", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(40),
      fc.integer({ min: 1, max: 2000 }),
      fc.constantFrom(0, 0.1),
      fc.nat(),
      async (n, step, weightDecay, seed) => {
        const value = drawValues([n], { seed });
        const gradient = drawValues([n], { seed: seed + 1, density: 0.8 });
        const firstMoment = drawValues([n], { seed: seed + 2 });
        const squares = drawValues([n], { seed: seed + 3 });
        const secondMoment = { data: squares.data.map((v) => v * v), shape: [n] };
        const constants = { ...options, weightDecay, step };
        const expected = adam({ value, firstMoment, secondMoment }, gradient, constants);
        const actual = await evaluate("wasm", () => {
          const state = {
            value: toTensor(value),
            firstMoment: toTensor(firstMoment),
            secondMoment: toTensor(secondMoment),
          };
          const next = adamStep(state, toTensor(gradient), constants);
          return tf.stack([next, state.firstMoment, state.secondMoment, state.value]);
        });
        const rows = [expected.value, expected.firstMoment, expected.secondMoment, value];
        const data = Float64Array.from(rows.flatMap((row) => [...row.data]));
        assertValues(actual, { data, shape: [4, n] }, 3e-7);
      },
    ),
  );
});

Deno.test("the first step is the learning rate against the gradient's sign, to 1e-6 of it", async () => {
  const { data } = await evaluate("wasm", () => {
    const gradient = tf.tensor1d([3, -2, 0.001, -1e-4, 0]);
    const state = {
      value: tf.zeros([5]),
      firstMoment: tf.zeros([5]),
      secondMoment: tf.zeros([5]),
    };
    return adamStep(state, gradient, { ...options, epsilon: 0, step: 1 });
  });
  for (const [i, sign] of [-1, 1, -1, 1].entries()) {
    assert.ok(Math.abs(data[i]! - 0.01 * sign) < 1e-8, `value ${i}: ${data[i]}`);
  }
  // 0 / 0: what epsilon is for.
  assert.ok(Number.isNaN(data[4]));
});

Deno.test("a gradient of another shape than its variable is refused", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() => {
    const value = tf.zeros([5]);
    const state = { value, firstMoment: value, secondMoment: value };
    assert.throws(
      () => adamStep(state, tf.zeros([4]), { ...options, step: 1 }),
      /Cannot take a step of Adam: gradient/,
    );
  });
});
