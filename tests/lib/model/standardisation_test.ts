import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import type { ImageBatch } from "../../../lib/core/types.ts";
import { architectures, createModel, predict } from "../../../lib/model/mod.ts";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { registerKvScheme } from "../../../lib/registry/kv_scheme.ts";
import { randomBatch } from "./random_batch.ts";

await tf.setBackend("wasm");

const statistics = { mean: [0.5, 0.25, 0.125], deviation: [0.5, 0.25, 2] };
const options = { input: [32, 32, 3], classes: 10, seed: 1 } as const;

/** (x − mean) / deviation, value by value. */
function standardised({ data, shape }: ImageBatch): ImageBatch {
  return {
    data: data.map((value, i) => (value - statistics.mean[i % 3]!) / statistics.deviation[i % 3]!),
    shape,
  };
}

function assertClose(actual: Float32Array, expected: Float32Array): void {
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]!) < 1e-6));
}

for (const { name } of architectures) {
  Deno.test(`${name} with statistics is the network without them on standardised images`, async () => {
    const plain = createModel(name, options);
    const model = createModel(name, { ...options, statistics });
    const images = randomBatch([3, 32, 32, 3]);
    const expected = await predict(plain, standardised(images));
    assertClose(await predict(model, images), expected);
    assert.equal(model.trainableWeights.length, plain.trainableWeights.length);
    assert.equal(model.weights.length, plain.weights.length + 2);
    plain.dispose();
    model.dispose();
  });

  Deno.test(`${name} with statistics predicts the same when it is saved and loaded`, async () => {
    using kv = await Deno.openKv(":memory:");
    const unregister = registerKvScheme(createKvModelStore(kv));
    try {
      const model = createModel(name, { ...options, statistics });
      await model.save(`kv://${name}`);
      const loaded = await tf.loadLayersModel(`kv://${name}`);
      const images = randomBatch([3, 32, 32, 3]);
      assert.deepEqual(await predict(loaded, images), await predict(model, images));
      model.dispose();
      loaded.dispose();
    } finally {
      unregister();
    }
  });

  Deno.test(`${name} leaves no tensor behind when it is disposed of`, () => {
    const before = tf.memory().numTensors;
    createModel(name, { ...options, statistics }).dispose();
    assert.equal(tf.memory().numTensors, before);
  });
}

const wrong = [
  { mean: [0.5], deviation: [0.5] },
  { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5] },
  { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0, 0.5] },
  { mean: [0.5, 0.5, 0.5], deviation: [0.5, NaN, 0.5] },
];
for (const statistics of wrong) {
  Deno.test(`means ${statistics.mean} and deviations ${statistics.deviation} are refused for three channels`, () => {
    assert.throws(() => createModel("article", { ...options, statistics }), {
      name: "RangeError",
      message:
        /^Cannot standardise images: there must be a mean and a deviation above 0 for each of 3/,
    });
  });
}
