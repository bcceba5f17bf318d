import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { type Engine, headOf, reinitialise } from "../../../lib/engine/mod.ts";
import { createTfjsEngine } from "../../../lib/engine/tfjs.ts";
import { predict } from "../../../lib/model/mod.ts";
import { batchFor } from "./batch_for.ts";
import { assertClose, largest } from "./close.ts";
import { compiled, engineKinds } from "./engines.ts";
import { oddNetworks, ownNetworks } from "./networks.ts";

await tf.setBackend("wasm");

for (const network of [...ownNetworks, ...oddNetworks]) {
  Deno.test(`${network.name}: each layer's weights are tfjs's, and those that are set are what it classifies with`, async () => {
    const model = network.create();
    const { images } = batchFor(network, 7);
    const theirs = createTfjsEngine(model);
    const trainingAndNot = [{ optimizer: { kind: "adam" } }, {
      optimizer: null,
      workers: 0,
    }] as const;
    for (const options of trainingAndNot) {
      const ours = await compiled(model, options);
      assert.deepEqual(ours.layers, theirs.layers);
      // Its filters are prepared, and have to be prepared again.
      const before = await ours.classify(images);
      for (const { name } of ours.layers) {
        const weights = ours.weights(name);
        assert.deepEqual(weights, theirs.weights(name));
        const halved = Object.entries(weights).map(([own, values]) =>
          [own, values.map((value) => value / 2)] as const
        );
        ours.setWeights(name, Object.fromEntries(halved));
        assert.deepEqual(ours.weights(name), Object.fromEntries(halved));
      }
      const after = await ours.classify(images);
      assert.notDeepEqual(after, before);
      const copy = network.create();
      const other = createTfjsEngine(copy);
      ours.layers.forEach(({ name }, i) =>
        other.setWeights(other.layers[i]!.name, ours.weights(name))
      );
      assertClose(after, await predict(copy, images));
      other.dispose();
      copy.dispose();
      ours.dispose();
    }
    theirs.dispose();
    model.dispose();
  });
}

function small(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [4, 4, 1], name: "flat" }),
      tf.layers.dense({ name: "hidden", units: 6, activation: "relu" }),
      tf.layers.dense({ name: "head", units: 3, activation: "softmax", useBias: false }),
    ],
  });
}

for (const { name, create } of engineKinds) {
  /** A test of an engine on a small network. */
  const test = (what: string, run: (engine: Engine) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      const model = small();
      const engine = await create(model);
      try {
        await run(engine);
      } finally {
        engine.dispose();
        model.dispose();
      }
    });

  test("weights are copies, both ways", async (engine) => {
    const kernel = engine.weights("hidden").kernel!;
    const first = kernel[0]!;
    kernel[0] = 7;
    assert.equal(engine.weights("hidden").kernel![0], first);
    engine.setWeights("hidden", { kernel });
    kernel[0] = 8;
    assert.equal(engine.weights("hidden").kernel![0], 7);
    assert.deepEqual(engine.weights("flat"), {});
    await engine.classify(batchFor({ input: [4, 4, 1] }, 1).images);
  });

  test("what is not there, or of another size, is refused, and nothing is set", async (engine) => {
    const before = engine.weights("hidden");
    assert.throws(() => engine.weights("nose"), {
      name: "RangeError",
      message: 'Cannot read weights: layer must be one of flat, hidden, head, got "nose"',
    });
    const wrong: Record<string, Float32Array>[] = [{
      kernel: new Float32Array(96),
      bias: new Float32Array(5),
    }, {
      gamma: new Float32Array(6),
    }];
    for (const weights of wrong) {
      assert.throws(
        () => engine.setWeights("hidden", weights),
        /Cannot set weights: those of layer "hidden" are kernel \(16,6\), bias \(6\), got (bias of 5|gamma of 6) values/,
      );
    }
    assert.deepEqual(engine.weights("hidden"), before);
    await Promise.resolve();
  });

  test("a layer begins anew within its bounds, the same by the same seed", async (engine) => {
    assert.equal(headOf(engine), "head");
    const drawn = (seed: number) => {
      reinitialise(engine, { layer: "hidden", seed });
      return engine.weights("hidden");
    };
    const first = drawn(1);
    assert.notDeepEqual(drawn(2), first);
    assert.deepEqual(drawn(1), first);
    assert.ok(largest(first.kernel!) <= 1 / 4 && largest(first.kernel!) > 0.2);
    assert.ok(largest(first.bias!) <= 1 / 4);
    reinitialise(engine, { layer: "head", seed: 1 });
    assert.throws(() => reinitialise(engine, { layer: "flat", seed: 1 }), /got "flat"/);
    await engine.classify(batchFor({ input: [4, 4, 1] }, 1).images);
  });
}

Deno.test("weights of an engine at work are out of reach", async () => {
  const model = small();
  const engine = await compiled(model, { workers: 2 });
  const step = engine.step(batchFor({ input: [4, 4, 1] }, 8), 0.1);
  const message = /Cannot reach the weights: the engine is at work on a batch; wait for it/;
  assert.throws(() => engine.weights("head"), message);
  assert.throws(() => engine.setWeights("head", {}), message);
  await step;
  assert.equal(engine.weights("head").kernel!.length, 18);
  engine.dispose();
  model.dispose();
});

Deno.test("a network without a dense layer has no head", () => {
  assert.throws(() => headOf({ layers: [] }), { name: "RangeError", message: /no dense layer/ });
});
