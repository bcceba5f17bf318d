import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { Adam } from "../../../lib/wasm/mod.ts";
import { assertValues, drawValues, evaluate, toTensor } from "./values.ts";

/** Takes steps on x ↦ Σ scale · x² + Σ sin x, and answers x. */
function descend(optimizer: tf.Optimizer, x: tf.Variable, steps: number): tf.Tensor {
  const scale = toTensor(drawValues(x.shape, { seed: 9 }));
  for (let i = 0; i < steps; i++) {
    optimizer.minimize(() => tf.sum(tf.add(tf.mul(tf.square(x), scale), tf.sin(x))), false, [x]);
  }
  return tf.keep(x.clone());
}

function start(): tf.Variable {
  return tf.variable(toTensor(drawValues([13], { seed: 1 })));
}

Deno.test("Adam goes where tf.train.adam goes", async () => {
  for (const steps of [1, 2, 25]) {
    const ours = await evaluate(
      "wasm",
      () => descend(new Adam({ learningRate: 0.05 }), start(), steps),
    );
    const stock = await evaluate("wasm", () => descend(tf.train.adam(0.05), start(), steps));
    // tfjs works out 1 − β₂ᵗ in float32: at first it is off by 1.3e-5, and each step by half of that.
    assertValues(ours, stock, 0.05 * 1e-5 * steps + 1e-6);
  }
});

Deno.test("the learning rate may change between steps", async () => {
  const compute = () => {
    const optimizer = new Adam({ learningRate: 0.05 });
    const x = start();
    const before = descend(optimizer, x, 3);
    optimizer.learningRate = 0;
    return tf.sub(descend(optimizer, x, 3), before);
  };
  assert.deepEqual(new Set((await evaluate("wasm", compute)).data), new Set([0]));
});

Deno.test("weights taken from one optimizer and set in another continue the same descent", async () => {
  await tf.setBackend("wasm");
  const x = start();
  const first = new Adam();
  descend(first, x, 3);
  const [iterations, ...moments] = await first.getWeights();
  assert.equal((await iterations!.tensor.data())[0], 3);
  assert.deepEqual(moments.map(({ name }) => name), [`${x.name}/m`, `${x.name}/v`]);
  const second = new Adam();
  await second.setWeights(await first.getWeights());
  const copy = x.dataSync();
  const one = descend(first, x, 2).dataSync();
  x.assign(tf.tensor1d(copy));
  assert.deepEqual(descend(second, x, 2).dataSync(), one);
  await assert.rejects(
    second.setWeights([iterations!, moments[0]!]),
    /must hold .*\/v beside .*\/m, got none/,
  );
  await second.setWeights(await second.getWeights());
  assert.equal((await second.getWeights()).length, 3);
});

Deno.test("a clone of its state keeps its values, as of tf.train.adam; without one the state stays in place", async () => {
  await tf.setBackend("wasm");
  for (const create of [() => new Adam(0.05), () => tf.train.adam(0.05)]) {
    const x = start();
    const optimizer = create();
    descend(optimizer, x, 2);
    const [, ...moments] = await optimizer.getWeights();
    const clones = moments.map(({ tensor }) => tensor.clone());
    const before = clones.map((clone) => clone.dataSync().slice());
    descend(optimizer, x, 2);
    assert.deepEqual(clones.map((clone) => clone.dataSync()), before);
    assert.notDeepEqual(moments.map(({ tensor }) => tensor.dataSync()), before);
  }
  const optimizer = new Adam();
  const x = start();
  const places = async () => (await optimizer.getWeights()).slice(1).map((w) => w.tensor.dataId);
  descend(optimizer, x, 1);
  const before = await places();
  descend(optimizer, x, 1);
  assert.ok((await places()).every((place, i) => place === before[i]));
});

Deno.test("it continues from the weights of tf.train.adam", async () => {
  await tf.setBackend("wasm");
  const x = start();
  const stock = tf.train.adam();
  descend(stock, x, 3);
  const ours = new Adam();
  await ours.setWeights(await stock.getWeights());
  const copy = x.dataSync();
  const expected = Float64Array.from(descend(stock, x, 2).dataSync());
  x.assign(tf.tensor1d(copy));
  const actual = Float64Array.from(descend(ours, x, 2).dataSync());
  assertValues({ data: actual, shape: x.shape }, { data: expected, shape: x.shape }, 1e-6);
});

Deno.test("weight decay takes its share of each weight before the step", async () => {
  const compute = (weightDecay: number) => () =>
    descend(new Adam({ learningRate: 0.05, weightDecay }), start(), 1);
  const plain = await evaluate("wasm", compute(0));
  const decayed = await evaluate("wasm", compute(0.1));
  const data = (await evaluate("wasm", start)).data.map((x, i) => plain.data[i]! - 0.005 * x);
  assertValues(decayed, { data, shape: plain.shape }, 1e-6);
});

Deno.test("its configuration makes it again, and disposing of it leaves no tensor", async () => {
  await tf.setBackend("wasm");
  const config = { learningRate: 0.3, beta1: 0.5, beta2: 0.9, epsilon: 1e-3, weightDecay: 0.1 };
  assert.deepEqual(new Adam(config).getConfig(), config);
  assert.deepEqual(new Adam().getConfig(), {
    learningRate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-7,
    weightDecay: 0,
  });
  const x = tf.variable(tf.ones([3]));
  const before = tf.memory().numTensors;
  const optimizer = new Adam(config);
  optimizer.minimize(() => tf.sum(tf.square(x)), false, [x]);
  assert.equal(tf.memory().numTensors, before + 2);
  optimizer.dispose();
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("a gradient of no variable is refused", async () => {
  await tf.setBackend("wasm");
  tf.tidy(() =>
    assert.throws(
      () => new Adam().applyGradients({ nobody: tf.zeros([1]) }),
      /there is no variable nobody/,
    )
  );
});
