import * as tf from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import assert from "node:assert/strict";
import { heapOf } from "../../../lib/wasm/heap.ts";

await tf.setBackend("wasm");
const heap = heapOf(tf.backend());

Deno.test("a backend has one heap; a backend of another kind is refused", () => {
  assert.equal(heapOf(tf.backend()), heap);
  assert.throws(() => heapOf({}), /must be @tensorflow\/tfjs-backend-wasm/);
  assert.throws(() => heapOf(tf.engine().registryFactory), TypeError);
});

Deno.test("scratch is free again afterwards, also where its user throws", () => {
  const bytes = 1_000_003;
  const first = heap.withScratch(bytes, (pointer) => pointer);
  assert.ok(first > 0);
  assert.equal(heap.withScratch(bytes, (pointer) => pointer), first);
  assert.throws(
    () =>
      heap.withScratch(bytes, () => {
        throw new Error("user's own");
      }),
    /user's own/,
  );
  assert.equal(heap.withScratch(bytes, (pointer) => pointer), first);
});

Deno.test("scratch of no bytes is a pointer like any other", () => {
  assert.ok(heap.withScratch(0, (pointer) => pointer) > 0);
});

Deno.test("what no heap can hold is refused, and leaves no tensor behind", () => {
  const before = tf.backend().numDataIds();
  for (const bytes of [2 ** 32 - 8, 2 ** 32, 2 ** 32 + 64, 2 ** 60]) {
    assert.throws(
      () => heap.withScratch(bytes, () => assert.fail("it was given")),
      /room for \d+ bytes of scratch, got none; use a smaller batch/,
    );
  }
  for (const shape of [[2 ** 30 - 1], [2 ** 30], [2 ** 15, 2 ** 15, 4]]) {
    assert.throws(() => heap.output(shape), /room for a result of shape \[[\d,]+\], got none/);
  }
  assert.equal(tf.backend().numDataIds(), before);
});

Deno.test("only float32 tensors have a pointer here", () => {
  const tensor = tf.tensor1d([1], "int32");
  assert.throws(() => heap.pointer(tensor), /tensors must be float32, got int32/);
  tensor.dispose();
});
