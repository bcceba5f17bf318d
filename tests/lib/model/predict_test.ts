import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { predict } from "../../../lib/model/mod.ts";
import { randomBatch } from "./random_batch.ts";

await tf.setBackend("wasm");

/** Softmax over six values, of images of 3×2×1 or of rows. */
function createSoftmax(inputShape: number[] = [3, 2, 1]): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.reshape({ inputShape, targetShape: [6] }),
      tf.layers.activation({ activation: "softmax" }),
    ],
  });
}

Deno.test("images are classified alike whatever the size of the chunks", async () => {
  const model = createSoftmax();
  const images = randomBatch([10, 3, 2, 1]);
  const whole = await predict(model, images);
  assert.equal(whole.length, 60);
  for (const chunkSize of [1, 3, 5, 10, 11]) {
    assert.deepEqual(await predict(model, images, { chunkSize }), whole);
  }
});

Deno.test("each image is classified by its own pixels, in order", async () => {
  const images = randomBatch([4, 3, 2, 1]);
  const probabilities = await predict(createSoftmax(), images, { chunkSize: 3 });
  for (let row = 0; row < 4; row++) {
    const exponentials = images.data.subarray(row * 6, (row + 1) * 6).map(Math.exp);
    const sum = exponentials.reduce((total, value) => total + value);
    exponentials.forEach((value, i) => {
      assert.ok(Math.abs(probabilities[row * 6 + i]! - value / sum) < 1e-6);
    });
  }
});

Deno.test("a model of rows takes the images' values as rows", async () => {
  const images = randomBatch([3, 3, 2, 1]);
  const rows = await predict(createSoftmax([6]), images);
  assert.deepEqual(rows, await predict(createSoftmax(), images));
});

Deno.test("no images give no probabilities", async () => {
  assert.equal((await predict(createSoftmax(), randomBatch([0, 3, 2, 1]))).length, 0);
});

Deno.test("chunks are reported, others have their turn between them, and throwing stops", async () => {
  const done: number[] = [];
  let turns = 0;
  const timer = setInterval(() => turns++, 0);
  await predict(createSoftmax(), randomBatch([10, 3, 2, 1]), {
    chunkSize: 4,
    onChunk: (images) => done.push(images),
  });
  clearInterval(timer);
  assert.deepEqual(done, [4, 8, 10]);
  assert.ok(turns > 0);

  const stopped = predict(createSoftmax(), randomBatch([10, 3, 2, 1]), {
    chunkSize: 4,
    onChunk(images) {
      if (images >= 8) throw new Error("enough");
      done.push(images);
    },
  });
  await assert.rejects(stopped, /enough/);
  assert.deepEqual(done, [4, 8, 10, 4]);
});

Deno.test("predicting leaves no tensor behind, also where it is stopped", async () => {
  const model = createSoftmax();
  const images = randomBatch([10, 3, 2, 1]);
  const before = tf.memory().numTensors;
  await predict(model, images, { chunkSize: 4 });
  const stop = () => {
    throw new Error("enough");
  };
  await assert.rejects(predict(model, images, { chunkSize: 4, onChunk: stop }));
  assert.equal(tf.memory().numTensors, before);
});
