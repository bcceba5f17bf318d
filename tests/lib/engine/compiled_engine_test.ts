import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type { Engine, Optimizer } from "../../../lib/engine/mod.ts";
import { createTfjsEngine } from "../../../lib/engine/tfjs.ts";
import { predict } from "../../../lib/model/mod.ts";
import { createTinyClassifier, tinySet } from "../train/tiny_task.ts";
import { batchFor } from "./batch_for.ts";
import { compiled, weightsOf } from "./engines.ts";
import { oddNetworks, ownNetworks, type TestNetwork } from "./networks.ts";

await tf.setBackend("wasm");

type CreateEngine = (model: tf.LayersModel) => Engine | Promise<Engine>;

/** The losses of some steps, and the weights that they lead to. Each fifth batch is a short one. */
async function trained(
  { create, rate = 0.001, ...network }: TestNetwork,
  createEngine: CreateEngine,
  steps: number,
): Promise<{ losses: number[]; weights: Float32Array[] }> {
  const model = create();
  const engine = await createEngine(model);
  const losses: number[] = [];
  for (let step = 1; step <= steps; step++) {
    losses.push(await engine.step(batchFor(network, step % 5 === 0 ? 5 : 16, step), rate));
  }
  engine.save();
  const weights = weightsOf(model);
  engine.dispose();
  model.dispose();
  return { losses, weights };
}

function assertClose(actual: Iterable<number>, expected: Iterable<number>, tolerance: number) {
  const wanted = [...expected];
  const differences = Array.from(actual, (value, i) => Math.abs(value - wanted[i]!));
  assert.equal(differences.length, wanted.length);
  const most = Math.max(...differences);
  assert.ok(most < tolerance, `got a difference of ${most}`);
}

for (const network of [...ownNetworks, ...oddNetworks]) {
  Deno.test(`${network.name}: 20 losses are tfjs's, by any number of threads`, async () => {
    const expected = await trained(network, (model) => createTfjsEngine(model), 20);
    for (const workers of [1, 2]) {
      const actual = await trained(network, (model) => compiled(model, { workers }), 20);
      assertClose(actual.losses, expected.losses, 1e-4);
    }
  });

  Deno.test(`${network.name}: the same weights, to the bit, by as many threads`, async () => {
    for (const workers of [1, 3]) {
      const run = () => trained(network, (model) => compiled(model, { workers }), 3);
      assert.deepEqual(await run(), await run());
    }
  });

  Deno.test(`${network.name}: probabilities are tfjs's, before training and after`, async () => {
    const model = network.create();
    const engine = await compiled(model, { batchSize: 6, workers: 2 });
    const { images } = batchFor(network, 20);
    assertClose(await engine.classify(images), await predict(model, images), 1e-5);
    await engine.step(batchFor(network, 6), network.rate ?? 0.001);
    engine.save();
    assertClose(await engine.classify(images), await predict(model, images), 1e-5);
    engine.dispose();
    model.dispose();
  });
}

const optimizers: readonly Optimizer[] = [
  { kind: "adam", weightDecay: 0.1 },
  { kind: "sgd", momentum: 0.9, nesterov: false, weightDecay: 0.01 },
  { kind: "sgd", momentum: 0.9, nesterov: true, weightDecay: 0 },
];
for (const optimizer of optimizers) {
  Deno.test(`${JSON.stringify(optimizer)}: the weights of ten steps are tfjs's`, async () => {
    const network = {
      ...oddNetworks.find(({ name }) => name === "dropout everywhere")!,
      rate: 0.01,
    };
    const expected = await trained(network, (model) => createTfjsEngine(model, optimizer), 10);
    const actual = await trained(
      network,
      (model) => compiled(model, { optimizer, workers: 2 }),
      10,
    );
    actual.weights.forEach((weights, i) => assertClose(weights, expected.weights[i]!, 1e-5));
  });
}

/** Runs a test with an engine for batches of 8 on a tiny classifier. */
async function withEngine(
  test: (engine: Engine) => Promise<void>,
  optimizer: Optimizer | null = { kind: "adam" },
): Promise<void> {
  const model = createTinyClassifier();
  const engine = await compiled(model, { batchSize: 8, workers: 2, optimizer });
  try {
    await test(engine);
  } finally {
    engine.dispose();
    model.dispose();
  }
}

Deno.test("an engine that was made to classify refuses to train", () =>
  withEngine(async (engine) => {
    await assert.rejects(engine.step(tinySet(4), 0.1), {
      message: "Cannot train: the engine was made to classify only",
    });
    assert.equal((await engine.classify(tinySet(4).images)).length, 8);
  }, null));

Deno.test("no images, more than a batch's and images of another size are refused", () =>
  withEngine(async (engine) => {
    const range = /Cannot run a batch: it must have from 1 to 8 images of 16 values/;
    for (const count of [0, 9]) {
      await assert.rejects(engine.step(tinySet(count), 0.1), {
        name: "RangeError",
        message: range,
      });
    }
    const { images: { data }, labels } = tinySet(4);
    const images = { data: data.subarray(1), shape: [4, 4, 4, 1] } as const;
    await assert.rejects(engine.step({ images, labels }, 0.1), range);
    assert.ok(Math.abs(await engine.step(tinySet(8), 0.1) - Math.LN2) < 1e-6, "it works on");
  }));

Deno.test("labels that are not one an image, or no classes of the model, are refused", () =>
  withEngine(async (engine) => {
    const { images } = tinySet(3);
    for (const labels of [[0, 1], [0, 1, 0, 1], [0, 1, 2]]) {
      await assert.rejects(engine.step({ images, labels: Uint8Array.from(labels) }, 0.1), {
        name: "RangeError",
        message:
          `Cannot take a loss: labels must be 3 integers below 2, got ${labels.length} up to ${
            Math.max(...labels)
          }`,
      });
    }
  }));

Deno.test("a third batch at a time is refused, and the two before it are done", () =>
  withEngine(async (engine) => {
    const steps = [1, 2].map(() => engine.step(tinySet(8), 0));
    await assert.rejects(engine.step(tinySet(8), 0), /as many as there is room for are under way/);
    assertClose(await Promise.all(steps), [Math.LN2, Math.LN2], 1e-6);
  }));

Deno.test("what is under way when an engine is disposed of is rejected, and what comes later", () =>
  withEngine(async (engine) => {
    const steps = [1, 2].map(() => engine.step(tinySet(8), 0.1));
    engine.dispose();
    for (const step of steps) await assert.rejects(step, /the engine has been disposed of/);
    await assert.rejects(engine.step(tinySet(8), 0.1), /the engine has been disposed of/);
    await assert.rejects(engine.classify(tinySet(8).images), /the engine has been disposed of/);
  }));

Deno.test("a classification in several batches that is disposed of is rejected once", () =>
  withEngine(async (engine) => {
    const classification = engine.classify(tinySet(200).images);
    engine.dispose();
    await assert.rejects(classification, /the engine has been disposed of/);
    // An error that nobody took would have ended the test by now.
    await new Promise((resolve) => setTimeout(resolve));
  }));

Deno.test("a thousand steps take no more memory than the first two", () =>
  withEngine(async (engine) => {
    const grow = WebAssembly.Memory.prototype.grow;
    const grown: number[] = [];
    WebAssembly.Memory.prototype.grow = function (pages) {
      grown.push(pages);
      return grow.call(this, pages);
    };
    try {
      const work = async () => {
        await engine.step(tinySet(8), 0.01);
        await engine.step(tinySet(5), 0.01);
        await engine.classify(tinySet(11).images);
      };
      await work();
      grown.length = 0;
      const { numTensors } = tf.memory();
      for (let i = 0; i < 500; i++) await work();
      assert.deepEqual(grown, []);
      assert.equal(tf.memory().numTensors, numTensors);
    } finally {
      WebAssembly.Memory.prototype.grow = grow;
    }
  }));
