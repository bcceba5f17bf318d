/** What engines say of a network's inside: logits, activations, and gradients pulled back. */

import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createRandom } from "../../../lib/core/random.ts";
import { createTfjsEngine } from "../../../lib/engine/tfjs.ts";
import { batchFor } from "./batch_for.ts";
import { assertClose } from "./close.ts";
import { compiled, engineKinds } from "./engines.ts";
import { oddNetworks, ownNetworks } from "./networks.ts";

await tf.setBackend("wasm");

/** More than the engines of tests have room for at a time, and a number that nothing divides. */
const COUNT = 37;

function softmax(logits: Float32Array, classes: number): Float32Array {
  const probabilities = new Float32Array(logits.length);
  for (let first = 0; first < logits.length; first += classes) {
    const row = logits.subarray(first, first + classes);
    const most = Math.max(...row);
    const sum = row.reduce((total, value) => total + Math.exp(value - most), 0);
    row.forEach((value, k) => probabilities[first + k] = Math.exp(value - most) / sum);
  }
  return probabilities;
}

for (const { create, ...network } of [...ownNetworks, ...oddNetworks]) {
  Deno.test(`${network.name}: probabilities are the softmax of the logits`, async () => {
    const model = create();
    const { images } = batchFor(network, COUNT);
    for (const workers of [0, 1, 3]) {
      const engine = await compiled(model, { workers, optimizer: null });
      const logits = await engine.logits(images);
      assertClose(softmax(logits, engine.classes), await engine.classify(images));
      engine.dispose();
    }
    model.dispose();
  });

  Deno.test(`${network.name}: a loss's gradient, pulled back from the logits, is the gradient to the images`, async () => {
    const model = create();
    const batch = batchFor(network, COUNT);
    for (const workers of [0, 2]) {
      const engine = await compiled(model, { workers, optimizer: null });
      const { classes } = engine;
      // Of the cross-entropy, at the logits: what is said, less what is right.
      const gradients = await engine.classify(batch.images);
      batch.labels.forEach((label, row) => gradients[row * classes + label]! -= 1);
      const expected = await engine.inputGradient(batch);
      assertClose(await engine.pullBack(batch.images, gradients), expected, 1e-3);
      engine.dispose();
    }
    model.dispose();
  });
}

for (const { create, ...network } of [...ownNetworks, ...oddNetworks]) {
  Deno.test(`${network.name}: logits, layers and what is pulled back are tfjs's`, async () => {
    const model = create();
    const { images } = batchFor(network, COUNT);
    const theirs = createTfjsEngine(model);
    const { uniform } = createRandom(1, "gradients");
    const gradients = Float32Array.from({ length: COUNT * theirs.classes }, () => uniform() - 0.5);
    const ours = await compiled(model, { workers: 2, optimizer: null });
    assert.deepEqual(ours.layers, theirs.layers);
    assertClose(await ours.logits(images), await theirs.logits(images));
    assertClose(await ours.activations(images), await theirs.activations(images));
    assertClose(await ours.pullBack(images, gradients), await theirs.pullBack(images, gradients));
    const { images: few } = batchFor(network, 3);
    let read = 0;
    for (const { name: layer } of ours.layers) {
      const activations = await ours.activations(few, { layer }).catch(notKept);
      if (activations === null) continue;
      read++;
      assertClose(activations, await theirs.activations(few, { layer }));
    }
    assert.ok(read >= 2, "most layers' outputs are kept");
    [ours, theirs].forEach((engine) => engine.dispose());
    model.dispose();
  });

  Deno.test(`${network.name}: a gradient that is made of the logits is pulled back as one that is given, to the bit`, async () => {
    const model = create();
    const { images } = batchFor(network, COUNT);
    for (const workers of [0, 1, 2]) {
      const engine = await compiled(model, { workers, optimizer: null });
      const { classes } = engine;
      const logits = await engine.logits(images);
      const seen = new Float32Array(logits.length);
      const pulled = await engine.pullBack(images, (ofChunk, first) => {
        seen.set(ofChunk, first * classes);
        return ofChunk.map(Math.tanh);
      });
      assert.deepEqual(seen, logits);
      assert.deepEqual(pulled, await engine.pullBack(images, logits.map(Math.tanh)));
      engine.dispose();
    }
    model.dispose();
  });
}

function notKept(error: Error): null {
  assert.match(
    error.message,
    /^Cannot read activations: layer must be one of .*, whose output is not kept$/,
  );
  return null;
}

Deno.test("what ReLU or an addition is folded into is not kept, and its own activation is", async () => {
  const model = ownNetworks.find(({ name }) => name.startsWith("resnet"))!.create();
  const engine = await compiled(model, { optimizer: null });
  const batch = batchFor({ input: [16, 16, 3] }, 2);
  const norm = engine.layers.find(({ className }) => className === "BatchNormalization")!.name;
  await assert.rejects(engine.activations(batch.images, { layer: norm }), {
    name: "RangeError",
    message: new RegExp(`got "${norm}", whose output is not kept$`),
  });
  const relu = engine.layers.find(({ className }) => ["Activation", "ReLU"].includes(className))!;
  const activations = await engine.activations(batch.images, { layer: relu.name });
  assert.ok(activations.every((value) => value >= 0));
  engine.dispose();
  model.dispose();
});

Deno.test("while a gradient is on its way back, other work is refused, and work before it is done", async () => {
  const model = small();
  const engine = await compiled(model, { workers: 2 });
  const batch = batchFor({ input: [4, 4, 1] }, 8);
  const step = engine.step(batch, 0.1);
  const pulled = engine.pullBack(batch.images, (logits) => logits);
  await assert.rejects(engine.logits(batch.images), /one is half done/);
  await step;
  const actual = await pulled;
  const expected = await engine.pullBack(batch.images, await engine.logits(batch.images));
  assert.deepEqual(actual, expected);
  const enough = new Error("enough");
  await assert.rejects(
    engine.pullBack(batch.images, () => {
      throw enough;
    }),
    (error) => error === enough,
  );
  assert.equal((await engine.logits(batch.images)).length, 24, "it works on");
  engine.dispose();
  model.dispose();
});

function small(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [4, 4, 1] }),
      tf.layers.dense({ name: "hidden", units: 5, activation: "relu" }),
      tf.layers.dense({ name: "head", units: 3, activation: "softmax" }),
    ],
  });
}

for (const { name, create } of engineKinds) {
  Deno.test(`${name}: after a step, what is read is of the new weights`, async () => {
    const model = small();
    const engine = await create(model);
    const batch = batchFor({ input: [4, 4, 1] }, 8);
    const before = await engine.logits(batch.images);
    await engine.step(batch, 0.1);
    const after = await engine.logits(batch.images);
    assert.notDeepEqual(after, before);
    assertClose(softmax(after, 3), await engine.classify(batch.images));
    engine.dispose();
    model.dispose();
  });

  Deno.test(`${name}: an unknown layer and a wrong number of gradients are refused`, async () => {
    const model = small();
    const engine = await create(model);
    const { images } = batchFor({ input: [4, 4, 1] }, 2);
    await assert.rejects(
      async () => await engine.activations(images, { layer: "hiden" }),
      /layer must be one of .*hidden.*, got "hiden"/,
    );
    for (const gradients of [new Float32Array(5), () => new Float32Array(5)]) {
      await assert.rejects(
        async () => await engine.pullBack(images, gradients),
        /must have 3 values for each of 2 images, got 5/,
      );
    }
    engine.dispose();
    model.dispose();
  });
}
