import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createTfjsStep, type Optimizer } from "../../../lib/train/mod.ts";
import { createTinyClassifier, tinySet } from "./tiny_task.ts";

await tf.setBackend("wasm");

function batchOf(count: number) {
  const { images, labels } = tinySet(count);
  return { images, labels };
}

function weightsOf(model: tf.LayersModel): Float32Array[] {
  return model.getWeights().map((weight) => weight.dataSync<"float32">().slice());
}

Deno.test("a step answers with the mean loss before its update", () => {
  const model = createTinyClassifier();
  const step = createTfjsStep(model);
  const batch = batchOf(6);
  const first = step.run(batch, 0.1);
  assert.ok(Math.abs(first - Math.LN2) < 1e-6, "all weights begin at zero");
  const [kernel = new Float32Array(), bias = new Float32Array()] = weightsOf(model);
  let expected = 0;
  batch.labels.forEach((label, i) => {
    const logits = [...bias].map((start, unit) =>
      batch.images.data.subarray(i * 16, (i + 1) * 16)
        .reduce((sum, value, pixel) => sum + value * kernel[pixel * 2 + unit]!, start)
    );
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    expected -= Math.log(Math.exp(logits[label]!) / total) / 6;
  });
  assert.ok(Math.abs(step.run(batch, 0.1) - expected) < 1e-5);
  step.dispose();
  model.dispose();
});

/** The gradient of the loss to the tiny classifier's kernel where all its weights are zero. */
function gradientAtZero({ images, labels }: ReturnType<typeof batchOf>): Float32Array {
  // Softmax at zero says 1/2, so that the gradient is the mean of x · (1/2 − y).
  const gradient = new Float32Array(32);
  labels.forEach((label, i) => {
    for (let pixel = 0; pixel < 16; pixel++) {
      for (const unit of [0, 1]) {
        const error = 0.5 - (unit === label ? 1 : 0);
        gradient[pixel * 2 + unit]! += images.data[i * 16 + pixel]! * error / labels.length;
      }
    }
  });
  return gradient;
}

Deno.test("the first update is Adam's: each weight moves by the rate against its gradient", () => {
  const model = createTinyClassifier();
  const batch = batchOf(6);
  const gradient = gradientAtZero(batch);
  const step = createTfjsStep(model);
  step.run(batch, 0.01);
  const [kernel] = weightsOf(model);
  kernel!.forEach((weight, i) => {
    assert.ok(Math.abs(gradient[i]!) > 1e-3, "the batch must tell the classes apart");
    assert.ok(Math.abs(weight + 0.01 * Math.sign(gradient[i]!)) < 1e-5, `weight ${i}: ${weight}`);
  });
  step.dispose();
  model.dispose();
});

Deno.test("with momentum, the first update is the rate times the gradient, looking ahead or not", () => {
  for (const [nesterov, factor] of [[false, 1], [true, 1.9]] as const) {
    const model = createTinyClassifier();
    const batch = batchOf(6);
    const gradient = gradientAtZero(batch);
    const step = createTfjsStep(model, { kind: "sgd", momentum: 0.9, nesterov, weightDecay: 0 });
    step.run(batch, 0.01);
    const [kernel] = weightsOf(model);
    kernel!.forEach((weight, i) =>
      assert.ok(Math.abs(weight + 0.01 * factor * gradient[i]!) < 1e-6, `weight ${i}: ${weight}`)
    );
    step.dispose();
    model.dispose();
  }
});

Deno.test("weight decay shrinks weights that have no gradient, by the rate times the decay", () => {
  const decaying: readonly Optimizer[] = [
    { kind: "adam", weightDecay: 0.5 },
    { kind: "sgd", momentum: 0, nesterov: false, weightDecay: 0.5 },
  ];
  for (const optimizer of decaying) {
    const model = createTinyClassifier();
    model.setWeights([tf.ones([16, 2]), tf.zeros([2])]);
    const step = createTfjsStep(model, optimizer);
    const { images, labels } = batchOf(4);
    step.run({ images: { ...images, data: new Float32Array(images.data.length) }, labels }, 0.1);
    const [kernel] = weightsOf(model);
    for (const weight of kernel!) assert.ok(Math.abs(weight - 0.95) < 1e-6, `got ${weight}`);
    step.dispose();
    model.dispose();
  }
});

Deno.test("at a rate of zero nothing moves", () => {
  const model = createTinyClassifier();
  const step = createTfjsStep(model);
  const before = weightsOf(model);
  step.run(batchOf(4), 0);
  assert.deepEqual(weightsOf(model), before);
  step.dispose();
  model.dispose();
});

Deno.test("a model that has become NaN has a loss of NaN", () => {
  const model = createTinyClassifier();
  const step = createTfjsStep(model);
  model.setWeights([tf.fill([16, 2], NaN), tf.zeros([2])]);
  assert.ok(Number.isNaN(step.run(batchOf(4), 0.1)));
  step.dispose();
  model.dispose();
});

Deno.test("an image that is given no chance at all has a finite loss", () => {
  const model = createTinyClassifier();
  const step = createTfjsStep(model);
  // Whatever it sees, the model is sure of class 0.
  model.setWeights([tf.zeros([16, 2]), tf.tensor1d([200, -200])]);
  const loss = step.run({ ...batchOf(2), labels: Uint8Array.of(1, 1) }, 0.1);
  assert.ok(Math.abs(loss - Math.log(1e7)) < 1e-3, `got ${loss}`);
  step.dispose();
  model.dispose();
});

Deno.test("steps leave no tensor behind but Adam's moments, which go with the step", () => {
  const model = createTinyClassifier();
  const before = tf.memory().numTensors;
  const step = createTfjsStep(model);
  step.run(batchOf(4), 0.1);
  const after = tf.memory().numTensors;
  assert.equal(after - before, 4, "two moments for each of two weights");
  for (let i = 0; i < 3; i++) step.run(batchOf(4 + i), 0.1);
  assert.equal(tf.memory().numTensors, after);
  step.dispose();
  assert.equal(tf.memory().numTensors, before);
  assert.equal((model.predict(tf.zeros([1, 4, 4, 1])) as tf.Tensor).shape[1], 2);
  model.dispose();
});
