/** Dropout at inference, and changes of channels: the compiled engine's beside tfjs's. */

import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import fc from "fast-check";
import { createRandom } from "../../../lib/core/random.ts";
import type { ImageShape } from "../../../lib/core/types.ts";
import type { Alteration, ChannelChange, Engine } from "../../../lib/engine/mod.ts";
import { createTfjsEngine } from "../../../lib/engine/tfjs.ts";
import { batchFor } from "./batch_for.ts";
import { assertClose } from "./close.ts";
import { compiled, engineKinds } from "./engines.ts";
import { oddNetworks, ownNetworks } from "./networks.ts";

await tf.setBackend("wasm");

/** More than the engines of tests have room for at a time, and a number that nothing divides. */
const COUNT = 19;

/** Layers whose channels both engines can change. */
async function changeable(engine: Engine, input: ImageShape): Promise<string[]> {
  const { images } = batchFor({ input }, 1);
  const found: string[] = [];
  for (const { name, className } of engine.layers) {
    // Flattening leaves no channels.
    if (className === "Flatten" || className === "InputLayer") continue;
    const alteration = { channels: { [name]: {} } };
    const isKept = await engine.classify(images, { alteration }).then(() => true, () => false);
    if (isKept) found.push(name);
  }
  return found;
}

/** A change of a layer's channels, drawn from a seed: arrays, or one number for all. */
function drawnChange(seed: number, channels: number): ChannelChange {
  const { uniform, integer } = createRandom(seed, "change");
  const draw = (from: number, to: number) => {
    const one = () => from + (to - from) * uniform();
    return integer(2) === 0 ? one() : Float32Array.from({ length: channels }, one);
  };
  return { factors: draw(0, 1.5), shifts: draw(-0.1, 0.1) };
}

for (const { create, ...network } of [...ownNetworks, ...oddNetworks]) {
  Deno.test(`${network.name}: whatever is altered, logits are tfjs's, by any number of threads and batch`, async () => {
    const model = create();
    const { images } = batchFor(network, COUNT);
    const theirs = createTfjsEngine(model);
    const engines: Engine[] = [];
    for (const [workers, batchSize] of [[0, 16], [1, 5], [3, COUNT]] as const) {
      engines.push(await compiled(model, { workers, batchSize, optimizer: null }));
    }
    const layers = await changeable(engines[0]!, network.input);
    const channelsOf = (layer: string) => Number([model.getLayer(layer).outputShape].flat().at(-1));
    const alterations = fc.record({
      changed: fc.subarray(layers),
      dropped: fc.subarray(layers),
      rate: fc.double({ min: 0, max: 0.6, noNaN: true }),
      seed: fc.nat(),
    });
    const isNorm = (layer: string) => model.getLayer(layer).getClassName() === "BatchNormalization";
    await fc.assert(
      fc.asyncProperty(alterations, async ({ changed, dropped, rate, seed }) => {
        const channels = changed.map((layer, i) =>
          [layer, drawnChange(seed % 1000 + i, channelsOf(layer))] as const
        );
        const alteration: Alteration = {
          channels: Object.fromEntries(channels),
          // A batch normalisation's output may not be kept, though its channels can be changed.
          dropout: { rate, seed, layers: dropped.filter((layer) => !isNorm(layer)) },
        };
        const expected = await theirs.logits(images, { alteration });
        for (const ours of engines) {
          const logits = await ours.logits(images, { alteration });
          assertClose(logits, expected, 3e-4);
          assert.deepEqual(await ours.logits(images, { alteration }), logits);
        }
      }),
      { numRuns: 4 },
    );
    [...engines, theirs].forEach((engine) => engine.dispose());
    model.dispose();
  });
}

for (const { create, ...network } of ownNetworks) {
  Deno.test(`${network.name}: dropout is where the network has it or, if it has none, behind pooling and hidden layers`, async () => {
    const model = create();
    const { images } = batchFor(network, COUNT);
    const theirs = createTfjsEngine(model);
    const ours = await compiled(model, { workers: 2 });
    const dropout = { rate: 0.4, seed: 3 };
    const layers: Record<string, string[]> = {
      article: ["dropout1", "dropout2"],
      badnets: ["pool1", "pool2", "dense1"],
      "merged-badnet": ["pool1", "pool2", "dense1", "detector_pool1", "detector_pool2"],
      resnet: ["pool"],
    };
    const named = layers[network.name.split(" ")[0]!]!;
    const logits = await ours.logits(images, { alteration: { dropout } });
    assertClose(logits, await theirs.logits(images, { alteration: { dropout } }));
    const alteration = { dropout: { ...dropout, layers: named } };
    assert.deepEqual(await ours.logits(images, { alteration }), logits);
    assert.notDeepEqual(await ours.logits(images), logits);
    [ours, theirs].forEach((engine) => engine.dispose());
    model.dispose();
  });
}

function small(): tf.LayersModel {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 5 });
  const { layers } = tf;
  return tf.sequential({
    layers: [
      layers.conv2d({ inputShape: [6, 6, 1], filters: 3, kernelSize: 3, kernelInitializer }),
      layers.batchNormalization({ name: "norm" }),
      layers.reLU({ name: "relu" }),
      layers.flatten(),
      layers.dense({ name: "hidden", units: 50, activation: "relu", kernelInitializer }),
      layers.dense({ name: "head", units: 3, activation: "softmax", kernelInitializer }),
    ],
  });
}

const input: ImageShape = [6, 6, 1];

for (const { name, create } of engineKinds) {
  /** A test of an engine on a small network. */
  const test = (what: string, run: (engine: Engine, model: tf.LayersModel) => Promise<void>) =>
    Deno.test(`${name}: ${what}`, async () => {
      const model = small();
      const engine = await create(model);
      try {
        await run(engine, model);
      } finally {
        engine.dispose();
        model.dispose();
      }
    });

  test("dropout drops about a rate of the values, scales the others, and each image's by itself", async (engine) => {
    const { images } = batchFor({ input }, 40);
    const plain = await engine.activations(images, { layer: "hidden" });
    const rate = 0.3;
    const alteration = { dropout: { rate, seed: 1, layers: ["hidden"] } };
    const dropped = await engine.activations(images, { layer: "hidden", alteration });
    let [kept, positive] = [0, 0];
    plain.forEach((value, i) => {
      if (value === 0) return assert.equal(dropped[i], 0);
      positive++;
      if (dropped[i] === 0) return;
      kept++;
      assert.ok(Math.abs(dropped[i]! - value / (1 - rate)) < 1e-5);
    });
    // Five standard deviations.
    const spread = 5 * Math.sqrt(rate * (1 - rate) / positive);
    assert.ok(positive > 500 && Math.abs(kept / positive - (1 - rate)) < spread);
    const masks = [0, 1].map((row) =>
      [...dropped.subarray(row * 50, row * 50 + 50)].map((value, i) =>
        value === plain[row * 50 + i]
      )
    );
    assert.notDeepEqual(masks[0], masks[1]);
  });

  test("another seed drops others, a rate of 0 none, and the network stays as it is", async (engine) => {
    const { images } = batchFor({ input }, 9);
    const plain = await engine.classify(images);
    const withSeed = (rate: number, seed: number) =>
      engine.classify(images, { alteration: { dropout: { rate, seed } } });
    assert.notDeepEqual(await withSeed(0.5, 1), await withSeed(0.5, 2));
    assertClose(await withSeed(0, 1), plain, 1e-6);
    assert.deepEqual(await engine.classify(images), plain);
  });

  test("a channel that is multiplied by 0 says nothing, one that is shifted says that more", async (engine) => {
    const { images } = batchFor({ input }, 5);
    const plain = await engine.activations(images, { layer: "relu" });
    const alteration = {
      channels: { relu: { factors: Float32Array.of(1, 0, 2), shifts: Float32Array.of(0, 0, 0.5) } },
    };
    const changed = await engine.activations(images, { layer: "relu", alteration });
    const expected = plain.map((value, i) => [value, 0, value * 2 + 0.5][i % 3]!);
    assertClose(changed, expected, 1e-6);
  });

  test(
    "a batch normalisation is scaled as if its scale and offset were, between steps too",
    async (engine, model) => {
      const batch = batchFor({ input }, 8);
      const { images } = batch;
      await engine.step(batch, 0.05);
      const alteration = { channels: { norm: { factors: 1.5 } } };
      const scaled = await engine.classify(images, { alteration });
      engine.save();
      const [gamma, beta, ...rest] = model.getLayer("norm").getWeights();
      tf.tidy(() =>
        model.getLayer("norm").setWeights([tf.mul(gamma!, 1.5), tf.mul(beta!, 1.5), ...rest])
      );
      const other = createTfjsEngine(model);
      assertClose(scaled, await other.classify(images), 1e-5);
      other.dispose();
    },
  );

  test("what is not there to be altered is refused", async (engine) => {
    const { images } = batchFor({ input }, 2);
    const refused: readonly [Alteration, RegExp][] = [
      [{ channels: { nose: {} } }, /Cannot change channels: layer must be one of .*, got "nose"/],
      [
        { channels: { relu: { factors: new Float32Array(2) } } },
        /Cannot change channels: factors of layer "relu" must be 3, got 2/,
      ],
      [{ dropout: { rate: 1, seed: 1 } }, /rate must be from 0 to below 1, got 1/],
      [{ dropout: { rate: 0.1, seed: -1 } }, /seed must be an integer/],
      [
        { dropout: { rate: 0.1, seed: 1, layers: ["head"] } },
        /Cannot drop out: layer must be one of .*, got "head"/,
      ],
    ];
    for (const [alteration, message] of refused) {
      await assert.rejects(async () => await engine.classify(images, { alteration }), {
        name: "RangeError",
        message,
      });
    }
  });
}
