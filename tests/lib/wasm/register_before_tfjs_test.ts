// The order of these imports is what is tested.
import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";

Deno.test("imported before tfjs, the module trains, and leaves other backends their gradients", async () => {
  for (const backend of ["wasm", "cpu"]) {
    await tf.setBackend(backend);
    const gradient = tf.tidy(() =>
      tf.grad((x) => tf.sum(tf.relu(x)))(tf.tensor1d([-1, 0, 2])).dataSync()
    );
    assert.deepEqual([...gradient], [0, 0, 1]);
  }
});

Deno.test("imported before tfjs, its gradients take the place of tfjs's all the same", async () => {
  await tf.setBackend("wasm");
  const { kernelNames } = await tf.profile(() =>
    tf.tidy(() => tf.grad((x) => tf.sum(tf.relu(x)))(tf.tensor1d([-1, 0, 2])))
  );
  assert.ok(kernelNames.includes("edgedoor/ReluGrad"), kernelNames.join());
});
