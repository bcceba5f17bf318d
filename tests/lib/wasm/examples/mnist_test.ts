import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createNetwork, trainMnist } from "../../../../lib/wasm/examples/mnist.ts";

Deno.test("the example learns to read digits from a few of them, and leaves no tensor behind", async () => {
  await tf.setBackend("wasm");
  const before = tf.memory().numTensors;
  const result = await trainMnist({ trainImages: 2000, testImages: 500, epochs: 4 });
  assert.ok(result.accuracy > 0.6, `accuracy ${result.accuracy}`);
  assert.ok(result.imagesPerSecond > 0);
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("its network is that of tfjs's example", () => {
  const model = createNetwork();
  // 5·5·1·8 + 8, 5·5·8·16 + 16, and 4·4·16·10 + 10.
  assert.equal(model.countParams(), 208 + 3216 + 2570);
  model.dispose();
});
