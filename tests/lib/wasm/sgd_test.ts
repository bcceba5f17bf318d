import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { Sgd } from "../../../lib/wasm/mod.ts";
import { assertValues, drawValues, evaluate, toTensor } from "./values.ts";

/** Takes steps on x ↦ Σ x² + Σ sin x, and answers x. */
function descend(optimizer: tf.Optimizer, x: tf.Variable, steps: number): tf.Tensor {
  for (let i = 0; i < steps; i++) {
    optimizer.minimize(() => tf.sum(tf.add(tf.square(x), tf.sin(x))), false, [x]);
  }
  return tf.keep(x.clone());
}

function start(): tf.Variable {
  return tf.variable(toTensor(drawValues([13], { seed: 1 })));
}

const momentum = 0.9;
const pairs: Readonly<Record<string, readonly [() => tf.Optimizer, () => tf.Optimizer]>> = {
  "tf.train.sgd": [() => new Sgd({ learningRate: 0.05 }), () => tf.train.sgd(0.05)],
  "tf.train.momentum": [
    () => new Sgd({ learningRate: 0.05, momentum }),
    () => tf.train.momentum(0.05, momentum),
  ],
  "tf.train.momentum with Nesterov's": [
    () => new Sgd({ learningRate: 0.05, momentum, nesterov: true }),
    () => tf.train.momentum(0.05, momentum, true),
  ],
};

for (const [name, [create, createStock]] of Object.entries(pairs)) {
  Deno.test(`SGD goes where ${name} goes`, async () => {
    for (const steps of [1, 2, 25]) {
      const ours = await evaluate("wasm", () => descend(create(), start(), steps));
      const stock = await evaluate("wasm", () => descend(createStock(), start(), steps));
      assertValues(ours, stock, 1e-6);
    }
  });
}

Deno.test("weight decay pulls each weight to zero", async () => {
  const compute = (weightDecay: number) => () =>
    descend(new Sgd({ learningRate: 0.05, weightDecay }), start(), 1);
  const plain = await evaluate("wasm", compute(0));
  const decayed = await evaluate("wasm", compute(0.1));
  const data = (await evaluate("wasm", start)).data.map((x, i) => plain.data[i]! - 0.005 * x);
  assertValues(decayed, { data, shape: plain.shape }, 1e-6);
});

Deno.test("velocities taken from one optimizer, ours or tfjs's, continue in another", async () => {
  await tf.setBackend("wasm");
  for (const createFirst of pairs["tf.train.momentum"]!) {
    const x = start();
    const first = createFirst();
    descend(first, x, 3);
    const second = new Sgd({ learningRate: 0.05, momentum });
    await second.setWeights(await first.getWeights());
    assert.deepEqual(
      (await second.getWeights()).map(({ name }) => name),
      ["iter", `${x.name}/momentum`],
    );
    const copy = x.dataSync();
    const expected = Float64Array.from(descend(first, x, 2).dataSync());
    x.assign(tf.tensor1d(copy));
    const actual = Float64Array.from(descend(second, x, 2).dataSync());
    assertValues({ data: actual, shape: x.shape }, { data: expected, shape: x.shape }, 1e-6);
  }
});

Deno.test("its configuration makes it again, and tfjs's momentum", () => {
  const options = { learningRate: 0.3, momentum: 0.5, nesterov: true, weightDecay: 0.1 };
  const config = new Sgd(options).getConfig();
  assert.deepEqual(new Sgd(config).getConfig(), config);
  assert.deepEqual(config, { ...options, useNesterov: true });
  assert.deepEqual(new Sgd().getConfig(), {
    learningRate: 0.01,
    momentum: 0,
    nesterov: false,
    useNesterov: false,
    weightDecay: 0,
  });
});
