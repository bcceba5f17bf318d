import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import assert from "node:assert/strict";

Deno.test("importing the module once the backend has started, and used, works too", async () => {
  await tf.setBackend("wasm");
  const gradient = () =>
    tf.tidy(() => {
      const loss = (filter: tf.Tensor) => {
        const y = tf.conv2d(tf.ones<tf.Rank.R4>([1, 3, 3, 1]), filter as tf.Tensor4D, 1, "valid");
        // Sums over a leading axis and over all.
        return tf.sum(tf.relu(tf.sum(y, 0)));
      };
      return [...tf.grad(loss)(tf.ones([2, 2, 1, 1])).dataSync()];
    });
  assert.throws(gradient, /Conv2DBackpropFilter/);
  const { registerTrainingKernels } = await import("../../../lib/wasm/mod.ts");
  assert.deepEqual(gradient(), [4, 4, 4, 4]);
  registerTrainingKernels();
  assert.deepEqual(gradient(), [4, 4, 4, 4]);
});
