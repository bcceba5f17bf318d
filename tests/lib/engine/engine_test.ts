/** What every engine does: the same tests for all of them. */

import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type { LabelledImages } from "../../../lib/core/types.ts";
import type { Engine, Optimizer } from "../../../lib/engine/mod.ts";
import { predict } from "../../../lib/model/mod.ts";
import { createTinyClassifier, tinySet } from "../train/tiny_task.ts";
import { type EngineKind, engineKinds, weightsOf } from "./engines.ts";

await tf.setBackend("wasm");

function batchOf(count: number): LabelledImages {
  const { images, labels } = tinySet(count);
  return { images, labels };
}

/** The gradient of the loss to the tiny classifier's kernel where all its weights are zero. */
function gradientAtZero({ images, labels }: LabelledImages): Float32Array {
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

/** The mean loss of a tiny classifier, by its definition. */
function lossOf({ images, labels }: LabelledImages, [kernel, bias]: Float32Array[]): number {
  let sum = 0;
  labels.forEach((label, i) => {
    const logits = [...bias!].map((start, unit) =>
      images.data.subarray(i * 16, (i + 1) * 16)
        .reduce((total, value, pixel) => total + value * kernel![pixel * 2 + unit]!, start)
    );
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    sum -= Math.log(Math.exp(logits[label]!) / total);
  });
  return sum / labels.length;
}

/** Weights of a tiny classifier that has learnt nothing. */
function drawnWeights(): tf.Tensor[] {
  const draw = (shape: number[], seed: number) => tf.randomNormal(shape, 0, 1, "float32", seed);
  return [draw([16, 2], 1), draw([2], 2)];
}

interface Setup {
  readonly optimizer?: Optimizer;
  readonly weights?: () => tf.Tensor[];
}

/** A test of an engine at work on a tiny classifier. */
type EngineTest = (
  what: string,
  run: (engine: Engine, model: tf.LayersModel) => Promise<void>,
  setup?: Setup,
) => void;

/** Registers tests of one kind of engine. */
function testsOf({ name, create }: EngineKind): EngineTest {
  return (what, run, { optimizer, weights } = {}) =>
    Deno.test(`${name}: ${what}`, async () => {
      const model = createTinyClassifier();
      if (weights !== undefined) tf.tidy(() => model.setWeights(weights()));
      const engine = await create(model, optimizer);
      try {
        await run(engine, model);
      } finally {
        engine.dispose();
        model.dispose();
      }
    });
}

for (const kind of engineKinds) {
  const { name, create } = kind;
  const test = testsOf(kind);

  test("a step answers with the mean loss before its update", async (engine, model) => {
    const batch = batchOf(6);
    assert.ok(Math.abs(await engine.step(batch, 0.1) - Math.LN2) < 1e-6, "weights begin at zero");
    engine.save();
    const expected = lossOf(batch, weightsOf(model));
    assert.ok(expected < 0.6);
    assert.ok(Math.abs(await engine.step(batch, 0.1) - expected) < 1e-5);
  });

  test(
    "Adam's first update moves each weight by the rate against its gradient",
    async (engine, model) => {
      const batch = batchOf(6);
      await engine.step(batch, 0.01);
      engine.save();
      const gradient = gradientAtZero(batch);
      weightsOf(model)[0]!.forEach((weight, i) => {
        assert.ok(Math.abs(gradient[i]!) > 1e-3, "the batch must tell the classes apart");
        assert.ok(
          Math.abs(weight + 0.01 * Math.sign(gradient[i]!)) < 1e-5,
          `weight ${i}: ${weight}`,
        );
      });
    },
  );

  for (const [nesterov, factor] of [[false, 1], [true, 1.9]] as const) {
    const way = nesterov ? "looking ahead" : "not looking ahead";
    test(
      `with momentum, ${way}, the first update is the rate times the gradient`,
      async (engine, model) => {
        const batch = batchOf(6);
        await engine.step(batch, 0.01);
        engine.save();
        const gradient = gradientAtZero(batch);
        weightsOf(model)[0]!.forEach((weight, i) =>
          assert.ok(
            Math.abs(weight + 0.01 * factor * gradient[i]!) < 1e-6,
            `weight ${i}: ${weight}`,
          )
        );
      },
      { optimizer: { kind: "sgd", momentum: 0.9, nesterov, weightDecay: 0 } },
    );
  }

  const decaying: readonly Optimizer[] = [
    { kind: "adam", weightDecay: 0.5 },
    { kind: "sgd", momentum: 0, nesterov: false, weightDecay: 0.5 },
  ];
  for (const optimizer of decaying) {
    test(
      `${optimizer.kind}: weights without a gradient shrink by rate times decay`,
      async (engine, model) => {
        const { images, labels } = batchOf(4);
        const black = { ...images, data: new Float32Array(images.data.length) };
        await engine.step({ images: black, labels }, 0.1);
        engine.save();
        for (const weight of weightsOf(model)[0]!) {
          assert.ok(Math.abs(weight - 0.95) < 1e-6, `got ${weight}`);
        }
      },
      { optimizer, weights: () => [tf.ones([16, 2]), tf.zeros([2])] },
    );
  }

  test("at a rate of zero nothing moves", async (engine, model) => {
    const before = weightsOf(model);
    await engine.step(batchOf(4), 0);
    engine.save();
    assert.deepEqual(weightsOf(model), before);
  }, { weights: drawnWeights });

  test("a model that has become NaN has a loss of NaN", async (engine) => {
    assert.ok(Number.isNaN(await engine.step(batchOf(4), 0.1)));
  }, { weights: () => [tf.fill([16, 2], NaN), tf.zeros([2])] });

  test("an image that is given no chance at all has a finite loss", async (engine, model) => {
    const loss = await engine.step({ ...batchOf(2), labels: Uint8Array.of(1, 1) }, 0.1);
    assert.ok(Math.abs(loss - Math.log(1e7)) < 1e-3, `got ${loss}`);
    engine.save();
    assert.ok(weightsOf(model).every((weights) => weights.every(Number.isFinite)));
  }, {
    // Whatever it sees, the model is sure of class 0.
    weights: () => [tf.zeros([16, 2]), tf.tensor1d([200, -200])],
  });

  test(
    "a batch's arrays can be used again as soon as the step is asked for",
    async (engine, model) => {
      const batch = batchOf(8);
      const step = engine.step(batch, 0.1);
      batch.images.data.fill(NaN);
      batch.labels.fill(0);
      assert.ok(Math.abs(await step - Math.LN2) < 1e-6);
      engine.save();
      const gradient = gradientAtZero(batchOf(8));
      weightsOf(model)[0]!.forEach((weight, i) =>
        assert.equal(Math.sign(weight), -Math.sign(gradient[i]!))
      );
    },
  );

  test("a step that is asked for while another runs is done after it", async (engine, model) => {
    const [first, second] = [batchOf(6), batchOf(11)];
    const losses = await Promise.all([engine.step(first, 0.1), engine.step(second, 0.1)]);
    assert.ok(Math.abs(losses[0]! - Math.LN2) < 1e-6);
    engine.save();
    const together = weightsOf(model);

    const again = createTinyClassifier();
    const other = await create(again);
    await other.step(first, 0.1);
    other.save();
    assert.ok(Math.abs(losses[1]! - lossOf(second, weightsOf(again))) < 1e-5);
    assert.equal(await other.step(second, 0.1), losses[1]);
    other.save();
    assert.deepEqual(weightsOf(again), together);
    other.dispose();
    again.dispose();
  });

  test("it classifies any number of images as the model does", async (engine, model) => {
    for (const count of [0, 1, 15, 16, 17, 50]) {
      const { images } = batchOf(count);
      const probabilities = await engine.classify(images);
      const expected = await predict(model, images);
      assert.equal(probabilities.length, 2 * count);
      probabilities.forEach((p, i) => assert.ok(Math.abs(p - expected[i]!) < 1e-6));
    }
  }, { weights: drawnWeights });

  test("classification stops where its observer throws, and the engine works on", async (engine) => {
    const enough = new Error("enough");
    const { images } = tinySet(300);
    let calls = 0;
    const run = engine.classify(images, {
      onChunk() {
        if (++calls === 2) throw enough;
      },
    });
    await assert.rejects(run, (error) => error === enough);
    assert.equal((await engine.classify(images)).length, 600);
  });

  test("saved weights are those that it classifies with", async (engine, model) => {
    for (let step = 0; step < 5; step++) await engine.step(batchOf(8), 0.1);
    const { images } = batchOf(8);
    const probabilities = await engine.classify(images);
    engine.save();
    const saved = await predict(model, images);
    assert.notDeepEqual(new Set(saved), new Set([0.5]), "it must have learnt something");
    probabilities.forEach((p, i) => assert.ok(Math.abs(p - saved[i]!) < 1e-6));
  });

  test("steps, classification and saving leave no tensor behind", async (engine) => {
    const work = async () => {
      for (let i = 0; i < 3; i++) await engine.step(batchOf(4 + i), 0.1);
      await engine.classify(tinySet(20).images);
      engine.save();
    };
    await work();
    const { numTensors } = tf.memory();
    for (let i = 0; i < 3; i++) await work();
    assert.equal(tf.memory().numTensors, numTensors);
  });

  Deno.test(`${name}: disposing of it leaves the model, and nothing else`, async () => {
    const model = createTinyClassifier();
    const { numTensors } = tf.memory();
    const engine = await create(model);
    await engine.step(batchOf(4), 0.1);
    engine.save();
    engine.dispose();
    engine.dispose();
    assert.equal(tf.memory().numTensors, numTensors);
    assert.equal((await predict(model, batchOf(3).images)).length, 6);
    model.dispose();
  });
}
