/** What engines say of a network's inside: logits, activations, and gradients pulled back. */

import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createRandom } from "../../../lib/core/random.ts";
import { createTfjsEngine } from "../../../lib/engine/tfjs.ts";
import { batchFor } from "./batch_for.ts";
import { compiled, engineKinds } from "./engines.ts";
import { oddNetworks, ownNetworks } from "./networks.ts";

await tf.setBackend("wasm");

/** More than the engines of tests have room for at a time, and a number that nothing divides. */
const COUNT = 37;

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function assertClose(actual: Float32Array, expected: Float32Array, rounding = 1e-4): void {
  assert.equal(actual.length, expected.length);
  const limit = rounding * largest(expected);
  assert.ok(limit > 0, "too small to tell");
  const difference = largest(actual.map((value, i) => value - expected[i]!));
  assert.ok(difference < limit, `${difference}, more than ${limit}`);
}

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

for (const { create, ...network } of ownNetworks.filter(({ name }) => !name.includes("merged"))) {
  Deno.test(`${network.name}: logits, layers and what is pulled back are tfjs's`, async () => {
    const model = create();
    const { images } = batchFor(network, COUNT);
    const theirs = createTfjsEngine(model);
    const ours = await compiled(model, { workers: 2, optimizer: null });
    const { uniform } = createRandom(1, "gradients");
    const gradients = Float32Array.from({ length: COUNT * ours.classes }, () => uniform() - 0.5);
    assertClose(await ours.logits(images), await theirs.logits(images));
    assertClose(await ours.activations(images), await theirs.activations(images));
    assertClose(
      await ours.pullBack(images, gradients),
      await theirs.pullBack(images, gradients),
    );
    const dense = model.layers.filter((layer) => layer.getClassName() === "Dense").slice(0, -1);
    for (const { name: layer } of dense) {
      assertClose(
        await ours.activations(images, { layer }),
        await theirs.activations(images, { layer }),
      );
    }
    [ours, theirs].forEach((engine) => engine.dispose());
    model.dispose();
  });
}

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
    await assert.rejects(
      async () => await engine.pullBack(images, new Float32Array(5)),
      /must have 3 values for each of 2 images, got 5/,
    );
    engine.dispose();
    model.dispose();
  });
}
