import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";

await tf.setBackend("wasm");

Deno.test("a clone shares its values, and outlives the tensor it was made of", () => {
  for (const dtype of ["float32", "int32", "bool"] as const) {
    const tensors = tf.memory().numTensors;
    const data = tf.backend().numDataIds();
    const x = tf.tensor1d([1, 0, 1], dtype);
    const clone = x.clone();
    assert.equal(clone.dtype, dtype);
    assert.equal(tf.backend().numDataIds(), data + 1);
    x.dispose();
    assert.deepEqual([...clone.dataSync()], [1, 0, 1]);
    clone.dispose();
    assert.equal(tf.memory().numTensors, tensors);
    assert.equal(tf.backend().numDataIds(), data);
  }
});

Deno.test("a variable that is assigned to leaves its clones as they were", () => {
  const x = tf.variable(tf.tensor1d([1, 2]));
  const clone = x.clone();
  x.assign(tf.tensor1d([3, 4]));
  assert.deepEqual([...clone.dataSync()], [1, 2]);
  tf.dispose([x, clone]);
});

Deno.test("a clone moves to another backend with its tensor", async () => {
  const x = tf.tensor1d([1, 2]);
  const clone = x.clone();
  await tf.setBackend("cpu");
  assert.deepEqual([...tf.tidy(() => tf.add(x, clone).dataSync())], [2, 4]);
  x.dispose();
  assert.deepEqual([...clone.dataSync()], [1, 2]);
  clone.dispose();
  await tf.setBackend("wasm");
});
