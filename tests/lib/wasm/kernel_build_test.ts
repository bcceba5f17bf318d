import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { heapOf } from "../../../lib/wasm/heap.ts";
import { setKernelBuild } from "../../../lib/wasm/mod.ts";
import { compileKernels, instantiate } from "../../../lib/wasm/module.ts";

Deno.test("tfjs's kernels run on the build that was set before the first of them, and keep it", async () => {
  await setKernelBuild({});
  await setKernelBuild({ tiles: "revectorized" });
  await tf.setBackend("wasm");
  const product = tf.tidy(() => tf.matMul(tf.ones([5, 7]), tf.ones([7, 33])));
  assert.ok((await product.data()).every((value) => value === 7));
  product.dispose();

  const memory = new WebAssembly.Memory({ initial: 1 });
  const [portable, revectorized] = [{}, { module: await compileKernels({ tiles: "revectorized" }) }]
    .map((options) => instantiate(memory, options).matMulScratch(1, 1));
  assert.notEqual(portable, revectorized, "what tells the builds apart");
  assert.equal(heapOf(tf.backend()).module.matMulScratch(1, 1), revectorized);

  await assert.rejects(setKernelBuild({}), /must be set before the first of them runs/);
});

Deno.test("a build takes memory of its own kind alone", async () => {
  const unshared = new WebAssembly.Memory({ initial: 1 });
  const shared = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared: true });
  for (const tiles of ["portable", "revectorized"] as const) {
    const forUnshared = await compileKernels({ tiles });
    const forShared = await compileKernels({ tiles, memory: "shared" });
    instantiate(unshared, { module: forUnshared });
    instantiate(shared, { module: forShared });
    assert.throws(() => instantiate(shared, { module: forUnshared }), WebAssembly.LinkError);
    assert.throws(() => instantiate(unshared, { module: forShared }), WebAssembly.LinkError);
  }
});
