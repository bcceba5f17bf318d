/** Gradients of each image's loss to its pixels. */

import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type { LabelledImages } from "../../../lib/core/types.ts";
import type { Engine } from "../../../lib/engine/mod.ts";
import { createTfjsEngine } from "../../../lib/engine/tfjs.ts";
import { batchFor } from "./batch_for.ts";
import { compiled, engineKinds } from "./engines.ts";
import { oddNetworks, ownNetworks, type TestNetwork } from "./networks.ts";

await tf.setBackend("wasm");

function head() {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 3 });
  return tf.layers.dense({ units: 4, activation: "softmax", kernelInitializer });
}

/** Networks in which gradients come to the images by other ways than through one convolution. */
const directNetworks: readonly TestNetwork[] = [
  {
    name: "a dense layer on the pixels",
    input: [24, 24, 3],
    create() {
      const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
      return tf.sequential({
        layers: [
          tf.layers.flatten({ inputShape: [24, 24, 3] }),
          // More weights than each thread reads whole.
          tf.layers.dense({ units: 30, activation: "relu", kernelInitializer }),
          head(),
        ],
      });
    },
  },
  {
    name: "additions to the pixels",
    input: [6, 6, 2],
    create() {
      const input = tf.input({ shape: [6, 6, 2] });
      const conv = (seed: number, x: tf.SymbolicTensor) => {
        const kernelInitializer = tf.initializers.glorotUniform({ seed });
        return tf.layers.conv2d({ filters: 2, kernelSize: 3, padding: "same", kernelInitializer })
          .apply(x) as tf.SymbolicTensor;
      };
      const add = (...x: tf.SymbolicTensor[]) => tf.layers.add().apply(x) as tf.SymbolicTensor;
      const normalised = tf.layers.batchNormalization().apply(conv(1, input)) as tf.SymbolicTensor;
      const sum = add(add(normalised, input), add(conv(2, input), input));
      const flat = tf.layers.flatten().apply(sum);
      return tf.model({ inputs: input, outputs: head().apply(flat) as tf.SymbolicTensor });
    },
  },
];

/** Gives batch normalisation averages, scales and shifts as if it had been trained for a while. */
function stir(model: tf.LayersModel): void {
  for (const [i, weight] of model.weights.entries()) {
    if (!/\/(gamma|beta|moving_)/.test(weight.originalName)) continue;
    tf.tidy(() => {
      const moved = tf.add(
        weight.read(),
        tf.randomUniform(weight.read().shape, 0, 0.3, "float32", i),
      );
      weight.write(moved);
    });
  }
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

async function gradientOf(engine: Engine, batch: LabelledImages): Promise<Float32Array> {
  try {
    return await engine.inputGradient(batch);
  } finally {
    engine.dispose();
  }
}

for (
  const { create, rounding = 1e-5, ...network } of [
    ...ownNetworks,
    ...oddNetworks,
    ...directNetworks,
  ]
) {
  Deno.test(`${network.name}: gradients to the images are tfjs's, by any number of threads`, async () => {
    const model = create();
    stir(model);
    // More than the engine has room for at a time, and a number that nothing divides.
    const batch = batchFor(network, 37);
    const expected = await gradientOf(createTfjsEngine(model), batch);
    const limit = rounding * largest(expected);
    assert.ok(limit > 0);
    for (const workers of [1, 3]) {
      // With room for training and without.
      for (const optimizer of [{ kind: "adam" } as const, null]) {
        const actual = await gradientOf(await compiled(model, { workers, optimizer }), batch);
        const difference = largest(actual.map((value, i) => value - expected[i]!));
        assert.ok(difference < limit, `${difference}, more than ${limit}`);
      }
    }
    model.dispose();
  });
}

function smooth(): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 5 });
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ inputShape: [6, 6, 1], filters: 3, kernelSize: 3, kernelInitializer }),
      tf.layers.averagePooling2d({ poolSize: 2 }),
      tf.layers.batchNormalization(),
      tf.layers.flatten(),
      head(),
    ],
  });
}

for (const { name, create } of engineKinds) {
  Deno.test(`${name}: the gradient is what finite differences of each image's own loss say`, async () => {
    const model = smooth();
    const engine = await create(model);
    const { images, labels } = batchFor({ input: [6, 6, 1] }, 3);
    const gradient = await engine.inputGradient({ images, labels });
    const lossOf = async (data: Float32Array) => {
      const probabilities = await engine.classify({ ...images, data });
      return labels.reduce((sum, label, i) => sum - Math.log(probabilities[i * 4 + label]!), 0);
    };
    const step = 1e-2;
    for (const pixel of [0, 17, 40, 71, 107]) {
      const moved = (by: number) => images.data.map((value, i) => i === pixel ? value + by : value);
      const slope = (await lossOf(moved(step)) - await lossOf(moved(-step))) / (2 * step);
      assert.ok(
        Math.abs(slope - gradient[pixel]!) < 1e-3,
        `${pixel}: ${slope}, ${gradient[pixel]}`,
      );
      assert.ok(Math.abs(gradient[pixel]!) > 1e-3, "too small to tell");
    }
    engine.dispose();
    model.dispose();
  });

  Deno.test(`${name}: an image's gradient does not depend on its neighbours`, async () => {
    const model = smooth();
    const engine = await create(model);
    const { images, labels } = batchFor({ input: [6, 6, 1] }, 5);
    const all = await engine.inputGradient({ images, labels });
    const second = await engine.inputGradient({
      images: { data: images.data.subarray(36, 72), shape: [1, 6, 6, 1] },
      labels: labels.subarray(1, 2),
    });
    second.forEach((value, i) => assert.ok(Math.abs(value - all[36 + i]!) < 1e-6));
    engine.dispose();
    model.dispose();
  });

  Deno.test(`${name}: gradients between steps are of the weights of that moment, and change none`, async () => {
    const batch = batchFor({ input: [6, 6, 1] }, 8);
    const losses = async (gradients: boolean) => {
      const model = smooth();
      const engine = await create(model);
      const seen: (number | Float32Array)[] = [];
      for (let i = 0; i < 3; i++) {
        const step = engine.step(batch, 0.05);
        if (gradients) {
          const gradient = await engine.inputGradient(batch);
          engine.save();
          const expected = await gradientOf(createTfjsEngine(model), batch);
          const limit = 1e-5 * largest(expected);
          assert.ok(largest(gradient.map((value, j) => value - expected[j]!)) < limit);
        }
        seen.push(await step);
      }
      engine.dispose();
      model.dispose();
      return seen;
    };
    assert.deepEqual(await losses(true), await losses(false));
  });

  Deno.test(`${name}: no images have no gradients`, async () => {
    const model = smooth();
    const engine = await create(model);
    const none = { data: new Float32Array(), shape: [0, 6, 6, 1] as const };
    const gradient = await engine.inputGradient({ images: none, labels: new Uint8Array() });
    assert.equal(gradient.length, 0);
    engine.dispose();
    model.dispose();
  });
}
