import * as tf from "@tensorflow/tfjs";
import fc from "fast-check";
import assert from "node:assert/strict";
import "../../../../lib/wasm/mod.ts";
import { unsortedSegmentSum } from "../../../../lib/wasm/reference/unsorted_segment_sum.ts";
import { assertValues, drawValues, evaluate, toTensor } from "../values.ts";

Deno.test("UnsortedSegmentSum equals its reference and the cpu backend, ids out of range too", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: -2, max: 7 }), { minLength: 1, maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 2 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(),
      async (ids, rest, segments, seed) => {
        const x = drawValues([ids.length, ...rest], { seed });
        const compute = () =>
          tf.unsortedSegmentSum(toTensor(x), tf.tensor1d(ids, "int32"), segments);
        const expected = unsortedSegmentSum(x, ids, segments);
        assertValues(await evaluate("wasm", compute), expected);
        assertValues(await evaluate("cpu", compute), expected);
      },
    ),
  );
});

Deno.test("the gradient of gather is that of the cpu backend, along either axis", async () => {
  const table = drawValues([5, 6], { seed: 1 });
  for (const axis of [0, 1]) {
    const compute = () => {
      const look = (x: tf.Tensor) =>
        tf.square(tf.gather(x, tf.tensor1d([3, 1, 3, 0, 3], "int32"), axis));
      return tf.grad(look)(toTensor(table));
    };
    assertValues(await evaluate("wasm", compute), await evaluate("cpu", compute));
  }
});

Deno.test("ids of another type or number than the rows are refused", async () => {
  await tf.setBackend("wasm");
  const run = (x: tf.Tensor, segmentIds: tf.Tensor) => () =>
    tf.engine().runKernel(tf.UnsortedSegmentSum, { x, segmentIds }, { numSegments: 2 });
  tf.tidy(() => {
    assert.throws(
      run(tf.ones([3, 2]), tf.zeros([2], "int32")),
      /segmentIds must be of shape \[3\], got \[2\]/,
    );
    assert.throws(run(tf.ones([3]), tf.zeros([3])), /tensors must be int32, got float32/);
    assert.throws(
      run(tf.ones([3], "int32"), tf.zeros([3], "int32")),
      /tensors must be float32, got int32/,
    );
  });
});
