import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createRandom } from "../../../lib/core/random.ts";
import type { LabelledImages } from "../../../lib/core/types.ts";
import { createCompiledEngine, createTfjsEngine, type Engine } from "../../../lib/engine/mod.ts";
import { predict } from "../../../lib/model/mod.ts";
import { randomBatch } from "../model/random_batch.ts";
import { oddNetworks, ownNetworks, type TestNetwork } from "./networks.ts";

await tf.setBackend("wasm");

function batchFor({ input }: TestNetwork, count: number, seed = 1): LabelledImages {
  const { integer } = createRandom(seed, "labels");
  return {
    images: randomBatch([count, ...input], seed),
    labels: Uint8Array.from({ length: count }, () => integer(3)),
  };
}

function weightsOf(model: tf.LayersModel): Float32Array[] {
  return model.getWeights().map((weight) => weight.dataSync<"float32">().slice());
}

/** The largest difference of two arrays, over the largest size of a value in the second. */
function relativeDifference(actual: Float32Array, expected: Float32Array): number {
  let difference = 0;
  let size = 1e-12;
  expected.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(actual[i]! - value));
    size = Math.max(size, Math.abs(value));
  });
  return difference / size;
}

/** By how much one step of plain gradient descent at a rate of 1 moves each weight: its gradient. */
async function gradientsBy(
  engine: (model: tf.LayersModel) => Engine | Promise<Engine>,
  network: TestNetwork,
  batch: LabelledImages,
) {
  const model = network.create();
  const before = weightsOf(model);
  const names = model.weights.map(({ originalName }) => originalName);
  const worker = await engine(model);
  const loss = await worker.step(batch, 1);
  worker.save();
  worker.dispose();
  const gradients = weightsOf(model).map((after, i) =>
    after.map((value, j) => before[i]![j]! - value)
  );
  model.dispose();
  return { loss, names, gradients };
}

const descent = { kind: "sgd", momentum: 0, nesterov: false, weightDecay: 0 } as const;

function compiled(workers: number, batchSize = 16) {
  return (model: tf.LayersModel) =>
    createCompiledEngine(model, { batchSize, workers, optimizer: descent });
}

for (const network of [...ownNetworks, ...oddNetworks]) {
  for (const workers of [1, 3]) {
    Deno.test(`${network.name}: gradients of ${workers} thread(s) are tfjs's`, async () => {
      // A number that no share of threads and no block of images divides.
      const batch = batchFor(network, 13);
      const expected = await gradientsBy(
        (model) => createTfjsEngine(model, descent),
        network,
        batch,
      );
      const actual = await gradientsBy(compiled(workers), network, batch);
      assert.ok(Math.abs(actual.loss - expected.loss) < 1e-5, `${actual.loss}, ${expected.loss}`);
      actual.gradients.forEach((gradient, i) => {
        const difference = relativeDifference(gradient, expected.gradients[i]!);
        assert.ok(difference < 1e-4, `${expected.names[i]}: ${difference}`);
      });
    });
  }

  Deno.test(`${network.name}: 20 losses are tfjs's, whatever the number of threads`, async () => {
    const losses = async (engine: (model: tf.LayersModel) => Engine | Promise<Engine>) => {
      const model = network.create();
      const worker = await engine(model);
      const found: number[] = [];
      for (let step = 1; step <= 20; step++) {
        found.push(await worker.step(batchFor(network, step % 5 === 0 ? 5 : 12, step), 0.001));
      }
      worker.dispose();
      model.dispose();
      return found;
    };
    const adam = { kind: "adam" } as const;
    const expected = await losses((model) => createTfjsEngine(model, adam));
    for (const workers of [1, 2]) {
      const actual = await losses((model) =>
        createCompiledEngine(model, { batchSize: 12, workers, optimizer: adam })
      );
      const differences = actual.map((loss, i) => Math.abs(loss - expected[i]!));
      assert.ok(Math.max(...differences) < 1e-4, `${workers}: ${differences}`);
    }
  });

  Deno.test(`${network.name}: probabilities are tfjs's, before training and after`, async () => {
    const model = network.create();
    const engine = await createCompiledEngine(model, {
      batchSize: 6,
      workers: 2,
      optimizer: descent,
    });
    const { images } = batchFor(network, 20);
    const check = async () => {
      const difference = relativeDifference(
        await engine.classify(images),
        await predict(model, images),
      );
      assert.ok(difference < 1e-5, `${difference}`);
    };
    await check();
    await engine.step(batchFor(network, 6), 0.01);
    engine.save();
    await check();
    engine.dispose();
    model.dispose();
  });
}
