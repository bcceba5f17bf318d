import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { SeededDropout } from "../../../lib/model/mod.ts";

await tf.setBackend("wasm");

/** What the layer makes of ones in each of some training steps. */
function masks(layer: SeededDropout, steps: number, size = 2000): Float32Array[] {
  return Array.from({ length: steps }, () =>
    tf.tidy(() => {
      const dropped = layer.apply(tf.ones([size]), { training: true }) as tf.Tensor;
      return dropped.dataSync<"float32">().slice();
    }));
}

function dropout(options: { rate?: number; seed?: number } = {}): SeededDropout {
  return new SeededDropout({ name: "dropout", rate: 0.25, seed: 1, ...options });
}

Deno.test("values pass unchanged when the network predicts", () => {
  const x = tf.tensor1d([1, -2, 0, 3]);
  for (const training of [false, undefined]) {
    const y = dropout({ rate: 0.5 }).apply(x, { training }) as tf.Tensor;
    assert.deepEqual(y.dataSync(), x.dataSync());
  }
});

Deno.test("in training a share of the values is zero and the rest is scaled up", () => {
  const [mask] = masks(dropout(), 1, 100_000);
  const scale = Math.fround(1 / 0.75);
  assert.deepEqual([...new Set(mask)].sort(), [0, scale]);
  const dropped = mask!.filter((value) => value === 0).length / mask!.length;
  // The standard deviation is .0014.
  assert.ok(Math.abs(dropped - 0.25) < 0.007, `got ${dropped}`);
});

Deno.test("each step draws a mask of its own", () => {
  const drawn = masks(dropout({ rate: 0.5 }), 4);
  for (const [i, first] of drawn.entries()) {
    for (const second of drawn.slice(i + 1)) {
      const equal = first.filter((value, at) => value === second[at]).length / first.length;
      // Independent masks agree on half of the values, ± .011.
      assert.ok(Math.abs(equal - 0.5) < 0.06, `got ${equal}`);
    }
  }
});

Deno.test("the same seed draws the same sequence of masks, another seed another one", () => {
  assert.deepEqual(masks(dropout({ seed: 9 }), 3), masks(dropout({ seed: 9 }), 3));
  assert.notDeepEqual(masks(dropout({ seed: 9 }), 1), masks(dropout({ seed: 10 }), 1));
});

Deno.test("predicting between steps does not move the sequence", () => {
  const layer = dropout();
  const [first] = masks(layer, 1);
  layer.apply(tf.ones([5]));
  const [second] = masks(layer, 1);
  assert.deepEqual([first, second], masks(dropout(), 2));
});

Deno.test("the gradient is zero where the value was dropped and the scale elsewhere", () => {
  const layer = dropout();
  const [mask] = masks(dropout(), 1, 500);
  const gradient = tf.grad((x) => layer.apply(x, { training: true }) as tf.Tensor)(tf.ones([500]));
  assert.deepEqual(gradient.dataSync(), mask);
});

Deno.test("steps leave no tensor behind", () => {
  const layer = dropout();
  masks(layer, 1);
  const before = tf.memory().numTensors;
  masks(layer, 5);
  assert.equal(tf.memory().numTensors, before);
});

Deno.test("a rate that is none is refused when the layer is used", () => {
  assert.throws(() => masks(dropout({ rate: 1 }), 1), {
    name: "RangeError",
    message: /^Cannot drop out: rate must be from 0 to below 1, got 1/,
  });
});

Deno.test("it is saved as tfjs's own Dropout", () => {
  const layer = dropout();
  assert.equal(layer.getClassName(), "Dropout");
  assert.equal(layer.getConfig().rate, 0.25);
});
