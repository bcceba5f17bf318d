/** What holds for every network. */

import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type { ImageShape } from "../../../lib/core/types.ts";
import { architectures, createModel, predict, SeededDropout } from "../../../lib/model/mod.ts";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { registerKvScheme } from "../../../lib/registry/kv_scheme.ts";
import { randomBatch } from "./random_batch.ts";

await tf.setBackend("wasm");

/** Parameters on 28×28×1 and 32×32×3 with ten classes, counted by hand from the layers' sizes. */
const parameters: Readonly<Record<string, readonly [mnist: number, cifar: number]>> = {
  article: [
    (9 + 1) * 32 + (9 * 32 + 1) * 64 + (12 * 12 * 64 + 1) * 128 + (128 + 1) * 10,
    (9 * 3 + 1) * 32 + (9 * 32 + 1) * 64 + (14 * 14 * 64 + 1) * 128 + (128 + 1) * 10,
  ],
  badnets: [
    (25 + 1) * 16 + (25 * 16 + 1) * 32 + (4 * 4 * 32 + 1) * 512 + (512 + 1) * 10,
    (25 * 3 + 1) * 16 + (25 * 16 + 1) * 32 + (5 * 5 * 32 + 1) * 512 + (512 + 1) * 10,
  ],
  resnet: [residualParameters(1), residualParameters(3)],
  "merged-badnet": [281_034 + mergingParameters(1), 429_290 + mergingParameters(3)],
};

/** What the merged BadNet has beside the BadNets CNN: the detector, and the merging layers. */
function mergingParameters(channels: number): number {
  return (25 * channels + 1) * 8 + (8 + 1) + (10 + 1) * 20 + 20 + (20 + 1) * 10;
}

/** Of 20 layers; batch normalisation has four numbers a channel. */
function residualParameters(channels: number): number {
  const normalised = (window: number, from: number, to: number) => window * from * to + 4 * to;
  return normalised(9, channels, 16) + 6 * normalised(9, 16, 16) +
    normalised(9, 16, 32) + 5 * normalised(9, 32, 32) + normalised(1, 16, 32) +
    normalised(9, 32, 64) + 5 * normalised(9, 64, 64) + normalised(1, 32, 64) +
    (64 + 1) * 10;
}

const shapes: readonly ImageShape[] = [[28, 28, 1], [32, 32, 3]];

function weightsOf(model: tf.LayersModel): Float32Array[] {
  return model.getWeights().map((weight) => weight.dataSync<"float32">());
}

/** Kernels are; biases and batch normalisation begin at zero or one whatever the seed. */
function isDrawn(weights: Float32Array): boolean {
  return weights.some((weight) => weight !== weights[0]);
}

for (const { name } of architectures) {
  for (const [i, input] of shapes.entries()) {
    Deno.test(`${name} on ${input.join("×")} answers with probabilities`, async () => {
      const model = createModel(name, { input, classes: 10, seed: 1 });
      assert.deepEqual(model.outputs[0]?.shape, [null, 10]);
      assert.equal(model.countParams(), parameters[name]?.[i]);
      const probabilities = await predict(model, randomBatch([5, ...input]));
      assert.equal(probabilities.length, 50);
      for (let row = 0; row < 5; row++) {
        const scores = probabilities.subarray(row * 10, (row + 1) * 10);
        assert.ok(scores.every((score) => score > 0 && score < 1));
        assert.ok(Math.abs(scores.reduce((sum, score) => sum + score) - 1) < 1e-5);
      }
      model.dispose();
    });
  }

  Deno.test(`${name} begins with the same weights for the same seed, and with others for another`, () => {
    const [first, again, other] = [7, 7, 8].map((seed) => {
      const model = createModel(name, { input: [28, 28, 1], classes: 10, seed });
      const weights = weightsOf(model);
      model.dispose();
      return weights;
    });
    assert.deepEqual(first, again);
    first!.forEach((weights, i) => {
      if (isDrawn(weights)) assert.notDeepEqual(weights, other![i]);
    });
  });

  Deno.test(`no two kernels of ${name} begin with the same numbers`, () => {
    const model = createModel(name, { input: [28, 28, 1], classes: 10, seed: 1 });
    const kernels = weightsOf(model).filter(isDrawn);
    // Up to a scale, which Glorot's and He's rules take from the layer's size.
    const ratios = kernels.map((kernel) => (kernel[1]! / kernel[0]!).toFixed(4));
    assert.equal(new Set(ratios).size, ratios.length);
    model.dispose();
  });

  Deno.test(`${name} has as many outputs as there are classes`, () => {
    const model = createModel(name, { input: [28, 28, 1], classes: 43, seed: 1 });
    assert.deepEqual(model.outputs[0]?.shape, [null, 43]);
    model.dispose();
  });

  Deno.test(`${name}, saved to kv:// and loaded by tfjs alone, predicts the same`, async () => {
    using kv = await Deno.openKv(":memory:");
    const unregister = registerKvScheme(createKvModelStore(kv));
    try {
      const model = createModel(name, { input: [28, 28, 1], classes: 10, seed: 1 });
      await model.save(`kv://${name}`);
      const loaded = await tf.loadLayersModel(`kv://${name}`);
      assert.ok(!loaded.layers.some((layer) => layer instanceof SeededDropout));
      assert.deepEqual(
        loaded.layers.map((layer) => layer.getClassName()),
        model.layers.map((layer) => layer.getClassName()),
      );
      const images = randomBatch([6, 28, 28, 1]);
      assert.deepEqual(await predict(loaded, images), await predict(model, images));
      for (const each of [model, loaded]) each.dispose();
    } finally {
      unregister();
    }
  });
}
