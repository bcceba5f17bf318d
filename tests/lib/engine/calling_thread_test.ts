import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createCompiledEngine } from "../../../lib/engine/mod.ts";
import { networkOfModel } from "../../../lib/engine/tfjs.ts";
import { batchFor } from "./batch_for.ts";
import { compiled, weightsOf } from "./engines.ts";
import { oddNetworks, ownNetworks } from "./networks.ts";

await tf.setBackend("wasm");

for (const network of [...ownNetworks, ...oddNetworks]) {
  Deno.test(`${network.name}: the caller's thread does what one Worker does, to the bit`, async () => {
    const results = [];
    for (const workers of [1, 0]) {
      const model = network.create();
      const engine = await compiled(model, { workers });
      assert.equal(engine.workers, 1);
      const losses = [];
      for (const step of [1, 2]) {
        losses.push(await engine.step(batchFor(network, 9, step), network.rate ?? 0.001));
      }
      const { images, labels } = batchFor(network, 20);
      const probabilities = await engine.classify(images);
      const gradient = await engine.inputGradient({ images, labels });
      engine.save();
      results.push({ losses, probabilities, gradient, weights: weightsOf(model) });
      engine.dispose();
      model.dispose();
    }
    assert.deepEqual(results[1], results[0]);
  });

  Deno.test(`${network.name}: an engine that only classifies answers as one that trains, to the bit`, async () => {
    const model = network.create();
    const answers = [];
    for (const optimizer of [{ kind: "adam" } as const, null]) {
      const engine = await compiled(model, { workers: 0, optimizer });
      // The second time, the one that only classifies has its filters prepared.
      for (let i = 0; i < 2; i++) answers.push(await engine.classify(batchFor(network, 20).images));
      engine.dispose();
    }
    for (const answer of answers) assert.deepEqual(answer, answers[0]);
    model.dispose();
  });
}

Deno.test("memory on the caller's thread is no more than needed, and has the bound that was set", async () => {
  const { create } = ownNetworks[0]!;
  const network = networkOfModel(create());
  const options = { batchSize: 8, workers: 0, optimizer: null } as const;
  await assert.rejects(createCompiledEngine(network, { ...options, maxBytes: 2 ** 20 }), {
    name: "RangeError",
    message: /its buffers must fit into 1 MiB, got \d+ bytes and more; use a smaller batch/,
  });
  const engine = await createCompiledEngine(network, { ...options, maxBytes: 2 ** 24 });
  engine.dispose();
});
