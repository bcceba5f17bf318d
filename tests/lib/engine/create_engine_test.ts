import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createEngine, type EngineOptions } from "../../../lib/engine/tfjs.ts";
import { predict } from "../../../lib/model/mod.ts";
import { createTinyClassifier, tinySet } from "../train/tiny_task.ts";

await tf.setBackend("wasm");

const optimizer = { kind: "adam" } as const;

/** A model with an activation that the engine does not know. */
function createUnusual(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [4, 4, 1] }),
      tf.layers.dense({ units: 3, activation: "tanh", name: "unusual" }),
      tf.layers.dense({ units: 2, activation: "softmax" }),
    ],
  });
}

Deno.test("a model that can be compiled is, and nobody is told otherwise", async () => {
  const model = createTinyClassifier();
  const onFallback = () => assert.fail("no fallback");
  const engine = await createEngine(model, { optimizer, workers: 2, onFallback });
  assert.deepEqual([engine.name, engine.workers], ["compiled", 2]);
  assert.ok(Math.abs(await engine.step(tinySet(4), 0.1) - Math.LN2) < 1e-6);
  engine.dispose();
  model.dispose();
});

Deno.test("a model that cannot be compiled is trained by tfjs, and why is told once", async () => {
  const model = createUnusual();
  const reasons: string[] = [];
  const engine = await createEngine(model, {
    optimizer,
    workers: 2,
    onFallback: (reason) => reasons.push(reason),
  });
  assert.deepEqual([engine.name, engine.workers], ["tfjs-wasm", 1]);
  assert.deepEqual(reasons, ["layer unusual has activation tanh"]);
  const losses: number[] = [];
  for (let step = 0; step < 30; step++) losses.push(await engine.step(tinySet(8), 0.1));
  assert.ok(losses.at(-1)! < losses[0]! / 2, `got ${losses}`);
  engine.save();
  assert.deepEqual(
    await engine.classify(tinySet(4).images),
    await predict(model, tinySet(4).images),
  );
  engine.dispose();
  model.dispose();
});

Deno.test("both builds of the kernels train alike, to the bit", async () => {
  const losses: number[] = [];
  const outputs: Float32Array[] = [];
  for (const tiles of ["portable", "revectorized"] as const) {
    const model = createTinyClassifier();
    const engine = await createEngine(model, { optimizer, tiles });
    await engine.step(tinySet(20), 0.1);
    losses.push(await engine.step(tinySet(20), 0.1));
    outputs.push(await engine.classify(tinySet(20).images));
    engine.dispose();
    model.dispose();
  }
  assert.ok(losses[0]! < 0.6, `got ${losses}`);
  assert.equal(losses[0], losses[1]);
  assert.deepEqual(outputs[0], outputs[1]);
});

const refused: readonly (readonly [keyof EngineOptions, number])[] = [
  ["workers", 0],
  ["workers", 1.5],
  ["workers", NaN],
  ["batchSize", 0],
  ["batchSize", -128],
  ["batchSize", Infinity],
];
for (const [name, value] of refused) {
  Deno.test(`a ${name} of ${value} is refused`, async () => {
    const model = createTinyClassifier();
    await assert.rejects(createEngine(model, { optimizer, [name]: value }), {
      name: "RangeError",
      message: `Cannot make an engine: ${name} must be an integer from 1, got ${value}`,
    });
    model.dispose();
  });
}

Deno.test("a batch that does not fit into memory is an error, not a reason to train by tfjs", async () => {
  const model = createTinyClassifier();
  const onFallback = () => assert.fail("no fallback");
  await assert.rejects(createEngine(model, { optimizer, batchSize: 2 ** 27, onFallback }), {
    name: "RangeError",
    message: /its buffers must fit into 4 GiB/,
  });
  model.dispose();
});
