/** Steps beside the plain one: by given gradients, uphill, sharpness-aware, with frozen layers. */

import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  type Engine,
  type GradientOfLogits,
  type Optimizer,
  towardsTargets,
} from "../../../lib/engine/mod.ts";
import { createTfjsEngine } from "../../../lib/engine/tfjs.ts";
import { batchFor } from "./batch_for.ts";
import { assertClose } from "./close.ts";
import { compiled, engineKinds, weightsOf } from "./engines.ts";
import { oddNetworks, ownNetworks, type TestNetwork } from "./networks.ts";

await tf.setBackend("wasm");

const sgd: Optimizer = { kind: "sgd", momentum: 0.9, nesterov: false, weightDecay: 0.001 };
const adam: Optimizer = { kind: "adam" };
const RATE = 0.01;

/** What some steps have led to: all weights. */
async function trained(
  model: tf.LayersModel,
  engine: Engine,
  work: (engine: Engine) => Promise<void>,
): Promise<Float32Array[]> {
  await work(engine);
  engine.save();
  const weights = weightsOf(model);
  engine.dispose();
  model.dispose();
  return weights;
}

/**
 * Asserts that steps of the compiled engine, by any number of threads, move weights as tfjs's do. What is
 * compared is how far they have moved: that is small beside them.
 */
async function assertAsTfjs(
  { create }: TestNetwork,
  work: (engine: Engine) => Promise<void>,
  { optimizer = sgd, frozen = [], rounding = 2e-3 }: {
    readonly optimizer?: Optimizer;
    /** Which layers, counted from 0: names are given anew to each model. */
    readonly frozen?: readonly number[];
    readonly rounding?: number;
  } = {},
): Promise<void> {
  const untrained = create();
  const before = weightsOf(untrained);
  untrained.dispose();
  const moved = (weights: readonly Float32Array[]) =>
    Float32Array.from(
      weights.flatMap((values, i) => [...values.map((w, j) => w - before[i]![j]!)]),
    );
  const namesOf = ({ layers }: tf.LayersModel) => frozen.map((i) => layers[i]!.name);
  const theirs = create();
  const expected = moved(
    await trained(theirs, createTfjsEngine(theirs, optimizer, { frozen: namesOf(theirs) }), work),
  );
  for (const workers of [0, 2]) {
    const ours = create();
    const options = { workers, optimizer, frozen: namesOf(ours) };
    const actual = await trained(ours, await compiled(ours, options), work);
    assertClose(moved(actual), expected, rounding);
  }
}

/** A gradient of no loss in particular. */
const strange: GradientOfLogits = (logits) =>
  logits.map((logit, i) => Math.tanh(logit - i % 3) / 16);

/** Small ones, and one of the project's own of each kind. */
const networks: readonly TestNetwork[] = [
  ...oddNetworks,
  ...ownNetworks.filter(({ name }) => /^(badnets|merged|resnet)/.test(name)),
  {
    name: "a normalisation and an addition on the pixels",
    input: [6, 6, 2],
    create() {
      const input = tf.input({ shape: [6, 6, 2] });
      const norm = tf.layers.batchNormalization().apply(input) as tf.SymbolicTensor;
      const sum = tf.layers.add().apply([norm, input]) as tf.SymbolicTensor;
      const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
      const head = tf.layers.dense({ units: 5, activation: "softmax", kernelInitializer });
      const outputs = head.apply(tf.layers.flatten().apply(sum)) as tf.SymbolicTensor;
      return tf.model({ inputs: input, outputs });
    },
  },
];

for (const network of networks) {
  const batches = [1, 2, 3].map((seed) => batchFor(network, seed === 2 ? 5 : 16, seed));

  Deno.test(`${network.name}: plain steps, and steps uphill, are tfjs's`, () =>
    assertAsTfjs(network, async (engine) => {
      for (const [i, batch] of batches.entries()) {
        await engine.step(batch, RATE, { gain: i === 1 ? -0.5 : 1 });
      }
    }));

  Deno.test(`${network.name}: steps by a gradient that is made of the logits are tfjs's`, () =>
    assertAsTfjs(network, async (engine) => {
      for (const { images } of batches) await engine.stepBy(images, strange, RATE);
    }));

  Deno.test(`${network.name}: sharpness-aware steps are tfjs's`, async () => {
    for (const [isAdaptive, radius] of [[false, 0.05], [true, 0.5]] as const) {
      const sharpness = { radius, isAdaptive };
      await assertAsTfjs(network, async (engine) => {
        await engine.step(batches[0]!, RATE, { sharpness });
        await engine.stepBy(batches[1]!.images, strange, RATE, { sharpness });
      }, { rounding: 1e-2 });
    }
  });

  Deno.test(`${network.name}: steps with any layers frozen are tfjs's, and those stay as they are`, async () => {
    const model = network.create();
    const weightsOfLayer = (i: number) =>
      model.layers[i]!.getWeights().map((weight) => weight.dataSync());
    const layers = [...model.layers.keys()].filter((i) => weightsOfLayer(i).length > 0);
    // Standardisation has nothing to train.
    const able = layers.filter((i) => model.layers[i]!.trainableWeights.length > 0);
    const subset = fc.subarray(layers, { minLength: 1 })
      .filter((frozen) => able.some((i) => !frozen.includes(i)));
    await fc.assert(
      fc.asyncProperty(subset, async (frozen) => {
        await assertAsTfjs(network, async (engine) => {
          for (const batch of batches.slice(0, 2)) await engine.step(batch, RATE);
          for (const i of frozen) {
            const { name } = engine.layers[i]!;
            assert.deepEqual(Object.values(engine.weights(name)), weightsOfLayer(i));
          }
        }, { frozen });
      }),
      { numRuns: 4 },
    );
    model.dispose();
  });

  Deno.test(`${network.name}: such steps lead to the same weights, to the bit, and by the caller's thread as by a Worker`, async () => {
    const work = async (engine: Engine) => {
      await engine.stepBy(batches[0]!.images, strange, RATE);
      await engine.step(batches[1]!, RATE, { sharpness: { radius: 0.05 }, gain: -1 });
      await engine.stepBy(batches[2]!.images, strange, RATE, {
        sharpness: { radius: 0.1, isAdaptive: true },
      });
    };
    const results: Float32Array[][] = [];
    for (const workers of [0, 1, 1, 2, 2]) {
      const model = network.create();
      results.push(await trained(model, await compiled(model, { workers, optimizer: adam }), work));
    }
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
    assert.deepEqual(results[4], results[3]);
  });
}

function small(): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 5 });
  const { layers } = tf;
  return tf.sequential({
    layers: [
      layers.flatten({ inputShape: [4, 4, 1], name: "flat" }),
      layers.dense({ name: "hidden", units: 6, activation: "relu", kernelInitializer }),
      layers.dense({ name: "head", units: 3, activation: "softmax", kernelInitializer }),
    ],
  });
}

const batch = batchFor({ input: [4, 4, 1] }, 8);

for (const { name, create } of engineKinds) {
  /** A test of an engine on a small network. */
  const test = (what: string, run: (engine: Engine, model: tf.LayersModel) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      const model = small();
      const engine = await create(model, { ...sgd, momentum: 0, weightDecay: 0 });
      try {
        await run(engine, model);
      } finally {
        engine.dispose();
        model.dispose();
      }
    });

  test("a step by the cross-entropy's gradient is the plain step", async (engine) => {
    const layers = ["hidden", "head"].map((layer) => [layer, engine.weights(layer)] as const);
    await engine.step(batch, 0.5);
    const expected = engine.weights("hidden").kernel!;
    layers.forEach(([layer, weights]) => engine.setWeights(layer, weights));
    const targets = new Float32Array(24);
    batch.labels.forEach((label, row) => targets[row * 3 + label] = 1);
    await engine.stepBy(
      batch.images,
      (logits) => towardsTargets(logits, { targets, classes: 3 }).gradient,
      0.5,
    );
    const before = layers[0]![1].kernel!;
    const moved = (kernel: Float32Array) => kernel.map((value, i) => value - before[i]!);
    assertClose(moved(engine.weights("hidden").kernel!), moved(expected), 1e-3);
  });

  test("what the loss is multiplied by moves the weights so many times as far", async (engine) => {
    const before = engine.weights("head");
    const hidden = engine.weights("hidden");
    const moved = async (gain: number) => {
      engine.setWeights("head", before);
      engine.setWeights("hidden", hidden);
      const loss = await engine.step(batch, 0.1, { gain });
      const { kernel } = engine.weights("head");
      return { loss, by: kernel!.map((value, i) => value - before.kernel![i]!) };
    };
    const plain = await moved(1);
    for (const gain of [-1, 0.5, 3]) {
      const { loss, by } = await moved(gain);
      assert.ok(Math.abs(loss - plain.loss) < 1e-6, "the loss that is told is the loss");
      assertClose(by, plain.by.map((value) => value * gain), 1e-3);
    }
    assert.deepEqual((await moved(0)).by, new Float32Array(18));
  });

  test("a sharpness-aware step takes its gradient where the loss is worst", async (engine) => {
    const layers = ["hidden", "head"].map((layer) => [layer, engine.weights(layer)] as const);
    const restore = () => layers.forEach(([layer, weights]) => engine.setWeights(layer, weights));
    const gradient = async () => {
      await engine.step(batch, 1);
      return layers.map(([layer, weights]) => {
        const now = engine.weights(layer);
        return Object.entries(weights).map(([name, values]) =>
          [name, values.map((value, i) => value - now[name]![i]!)] as const
        );
      });
    };
    const first = await gradient();
    const norm = Math.hypot(...first.flat().flatMap(([, values]) => [...values]));
    const radius = 0.3;
    // By hand: to where it is worst, and the gradient there.
    layers.forEach(([layer, weights], k) => {
      engine.setWeights(
        layer,
        Object.fromEntries(
          first[k]!.map(([name, values]) =>
            [name, weights[name]!.map((value, i) => value + radius * values[i]! / norm)] as const
          ),
        ),
      );
    });
    const worst = layers.map(([layer]) => engine.weights(layer));
    await engine.step(batch, 1);
    const expected = layers.map(([layer], k) => {
      const { kernel } = engine.weights(layer);
      return worst[k]!.kernel!.map((value, i) => value - kernel![i]!);
    });
    restore();
    await engine.step(batch, 1, { sharpness: { radius } });
    layers.forEach(([layer, weights], k) => {
      const { kernel } = engine.weights(layer);
      assertClose(weights.kernel!.map((value, i) => value - kernel![i]!), expected[k]!, 1e-3);
    });
  });

  test("a sharpness-aware step's batch can be used again as soon as the step is asked for", async (engine) => {
    const layers = ["hidden", "head"].map((layer) => [layer, engine.weights(layer)] as const);
    const sharpness = { radius: 0.2 };
    await engine.step(batch, 0.1, { sharpness });
    const expected = engine.weights("head");
    layers.forEach(([layer, weights]) => engine.setWeights(layer, weights));
    const own = {
      images: { ...batch.images, data: batch.images.data.slice() },
      labels: batch.labels.slice(),
    };
    const step = engine.step(own, 0.1, { sharpness });
    own.images.data.fill(NaN);
    own.labels.fill(0);
    await step;
    assert.deepEqual(engine.weights("head"), expected);
  });

  test("a radius that is not above 0 is refused, and so are gradients of another size", async (engine) => {
    const before = engine.weights("hidden");
    for (const radius of [0, -1, NaN, Infinity]) {
      await assert.rejects(engine.step(batch, 0.1, { sharpness: { radius } }), {
        name: "RangeError",
        message: `Cannot take a sharpness-aware step: radius must be above 0, got ${radius}`,
      });
    }
    await assert.rejects(
      engine.stepBy(batch.images, () => new Float32Array(3), 0.1),
      /must have 3 values for each of 8 images, got 3/,
    );
    assert.deepEqual(engine.weights("hidden"), before);
    assert.ok(await engine.step(batch, 0.1) > 0, "it works on");
  });
}

Deno.test("only layers with weights can be frozen", async () => {
  const model = small();
  const message = /must be one with weights, of hidden, head, got "(flat|nose)"/;
  for (const layer of ["flat", "nose"]) {
    await assert.rejects(compiled(model, { frozen: [layer] }), { name: "RangeError", message });
    assert.throws(() => createTfjsEngine(model, adam, { frozen: [layer] }), message);
  }
  model.dispose();
});

Deno.test("an engine that was made to classify refuses such steps too", async () => {
  const model = small();
  const engine = await compiled(model, { optimizer: null });
  await assert.rejects(engine.stepBy(batch.images, strange, 0.1), {
    message: "Cannot train: the engine was made to classify only",
  });
  engine.dispose();
  model.dispose();
});

Deno.test("during a sharpness-aware step other work is refused", async () => {
  const model = small();
  const engine = await compiled(model, { workers: 2 });
  const step = engine.step(batch, 0.1, { sharpness: { radius: 0.1 } });
  await assert.rejects(engine.classify(batch.images), /one is half done/);
  await assert.rejects(engine.step(batch, 0.1), /one is half done/);
  assert.throws(() => engine.weights("head"), /the engine is at work/);
  await step;
  assert.equal((await engine.classify(batch.images)).length, 24);
  engine.dispose();
  model.dispose();
});
