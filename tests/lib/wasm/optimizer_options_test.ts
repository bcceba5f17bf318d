import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { Adam, Sgd } from "../../../lib/wasm/mod.ts";

/** Where x ↦ x² is after two steps from 1. */
function descend(optimizer: tf.Optimizer): number {
  return tf.tidy(() => {
    const x = tf.variable(tf.tensor1d([1]));
    for (let i = 0; i < 2; i++) optimizer.minimize(() => tf.sum(tf.square(x)), false, [x]);
    return x.dataSync()[0]!;
  });
}

const pairs: readonly [string, () => tf.Optimizer, () => tf.Optimizer][] = [
  ["Adam(rate)", () => new Adam(0.5), () => tf.train.adam(0.5)],
  [
    "Adam(rate, β₁, β₂, ε)",
    () => new Adam(0.5, 0.8, 0.99, 0.1),
    () => tf.train.adam(0.5, 0.8, 0.99, 0.1),
  ],
  ["Sgd(rate)", () => new Sgd(0.5), () => tf.train.sgd(0.5)],
  ["Sgd(rate, momentum)", () => new Sgd(0.1, 0.5), () => tf.train.momentum(0.1, 0.5)],
  [
    "Sgd(rate, momentum, nesterov)",
    () => new Sgd(0.1, 0.5, true),
    () => tf.train.momentum(0.1, 0.5, true),
  ],
  [
    "Sgd of tfjs's configuration",
    () => new Sgd(tf.train.momentum(0.1, 0.5, true).getConfig()),
    () => tf.train.momentum(0.1, 0.5, true),
  ],
];
for (const [name, create, createStock] of pairs) {
  Deno.test(`${name} goes where tfjs's own goes by the same arguments`, async () => {
    await tf.setBackend("wasm");
    const [ours, stock] = [descend(create()), descend(createStock())];
    assert.ok(Math.abs(ours - stock) < 1e-5, `${ours} for ${stock}`);
  });
}

Deno.test("values and options by name make the same", () => {
  assert.deepEqual(
    new Adam(0.5, 0.8, 0.99, 0.1, 0.01).getConfig(),
    new Adam({ learningRate: 0.5, beta1: 0.8, beta2: 0.99, epsilon: 0.1, weightDecay: 0.01 })
      .getConfig(),
  );
  assert.deepEqual(new Adam(undefined, 0.8).getConfig(), new Adam({ beta1: 0.8 }).getConfig());
  assert.deepEqual(
    new Sgd(0.5, 0.8, true, 0.01).getConfig(),
    new Sgd({ learningRate: 0.5, momentum: 0.8, nesterov: true, weightDecay: 0.01 }).getConfig(),
  );
});

/** As programs without types make them. */
const make = { Adam, Sgd } as unknown as Record<string, new (...args: unknown[]) => tf.Optimizer>;

const refused: readonly [kind: string, args: readonly unknown[], error: object][] = [
  ["Adam", ["adam"], {
    name: "TypeError",
    message: 'Cannot make Adam: learningRate must be a number, got "adam"',
  }],
  ["Adam", [NaN], {
    name: "RangeError",
    message: "Cannot make Adam: learningRate must be finite and from 0, got NaN",
  }],
  ["Adam", [null], { name: "TypeError", message: /learningRate must be a number, got null/ }],
  ["Adam", [-0.1], { name: "RangeError", message: /learningRate must be .*, got -0.1/ }],
  ["Adam", [{ learningRate: Infinity }], { name: "RangeError", message: /got Infinity/ }],
  ["Adam", [{ learningRate: "0.1" }], { name: "TypeError", message: /got "0.1"/ }],
  ["Adam", [0.1, 1], {
    name: "RangeError",
    message: "Cannot make Adam: beta1 must be from 0 to below 1, got 1",
  }],
  ["Adam", [{ beta2: -1 }], { name: "RangeError", message: /beta2/ }],
  ["Adam", [{ epsilon: NaN }], { name: "RangeError", message: /epsilon/ }],
  ["Adam", [{ weightDecay: -1 }], { name: "RangeError", message: /weightDecay/ }],
  ["Adam", [{ lr: 0.1 }], {
    name: "TypeError",
    message: "Cannot make Adam: its options must be among learningRate, beta1, beta2, epsilon, " +
      "weightDecay, got lr",
  }],
  ["Adam", [0.1, 0.9, 0.999, 1e-7, 0, 1], { name: "TypeError", message: /got argument 6/ }],
  ["Adam", [{ beta1: 0.5 }, 0.9], { name: "TypeError", message: /learningRate must be a number/ }],
  ["Sgd", ["sgd"], { name: "TypeError", message: /^Cannot make Sgd: learningRate/ }],
  ["Sgd", [NaN], { name: "RangeError", message: /learningRate/ }],
  ["Sgd", [0.1, 1], { name: "RangeError", message: /momentum must be from 0 to below 1, got 1/ }],
  ["Sgd", [0.1, 0.9, 1], { name: "TypeError", message: /nesterov must be a boolean, got 1/ }],
  ["Sgd", [{ weightDecay: NaN }], { name: "RangeError", message: /weightDecay/ }],
];
for (const [kind, args, error] of refused) {
  Deno.test(`new ${kind}(${args.map((arg) => Deno.inspect(arg)).join(", ")}) is refused`, () => {
    assert.throws(() => new make[kind]!(...args), error);
  });
}
