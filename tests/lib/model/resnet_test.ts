import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createTfjsEngine } from "../../../lib/engine/tfjs.ts";
import { createModel } from "../../../lib/model/mod.ts";
import { randomBatch } from "./random_batch.ts";

await tf.setBackend("wasm");

const options = { input: [32, 32, 3], classes: 10, seed: 1 } as const;

async function withResnet(
  depth: number | undefined,
  test: (model: tf.LayersModel) => Promise<void> | void,
): Promise<void> {
  const model = createModel("resnet", { ...options, depth });
  try {
    await test(model);
  } finally {
    model.dispose();
  }
}

function countLayers(model: tf.LayersModel, className: string): number {
  return model.layers.filter((layer) => layer.getClassName() === className).length;
}

for (const [depth, blocks] of [[undefined, 9], [8, 3], [20, 9], [32, 15]] as const) {
  Deno.test(`depth ${depth ?? "left open"}: ${blocks} blocks of two convolutions`, () =>
    withResnet(depth, (model) => {
      assert.equal(countLayers(model, "Add"), blocks);
      // One before the blocks, and one in each of the two shortcuts that change the shape.
      assert.equal(countLayers(model, "Conv2D"), 2 * blocks + 3);
      assert.equal(countLayers(model, "BatchNormalization"), 2 * blocks + 3);
      assert.equal(countLayers(model, "Activation"), 2 * blocks + 1);
      assert.deepEqual(model.layers.slice(-2).map((layer) => layer.getClassName()), [
        "GlobalAveragePooling2D",
        "Dense",
      ]);
    }));
}

Deno.test("each group after the first halves the image and doubles the filters", () =>
  withResnet(8, (model) => {
    const shape = (group: number) => model.getLayer(`group${group}_block1_add`).outputShape;
    assert.deepEqual(shape(1), [null, 32, 32, 16]);
    assert.deepEqual(shape(2), [null, 16, 16, 32]);
    assert.deepEqual(shape(3), [null, 8, 8, 64]);
  }));

Deno.test("only the dense layer has a bias: batch normalisation shifts behind each convolution", () =>
  withResnet(8, (model) => {
    const biases = model.weights.filter(({ originalName }) => originalName.endsWith("/bias"));
    assert.deepEqual(biases.map(({ originalName }) => originalName), ["dense/bias"]);
  }));

Deno.test("weights begin with the spread of He's rule: variance 2 by inputs of a unit", () =>
  withResnet(20, (model) => {
    const kernel = model.getLayer("group3_block2_conv1").getWeights()[0]!;
    const variance = tf.tidy(() => tf.moments(kernel).variance.dataSync()[0]!);
    // tfjs draws within two standard deviations, which keeps .774 of the variance.
    const expected = 0.774 * 2 / (9 * 64);
    assert.ok(Math.abs(variance / expected - 1) < 0.03, `got ${variance} for ${expected}`);
  }));

for (const depth of [2, 7, 21, 8.5, NaN]) {
  Deno.test(`a depth of ${depth} is refused`, () => {
    assert.throws(() => createModel("resnet", { ...options, depth }), {
      name: "RangeError",
      message:
        `Cannot build a residual network: depth must be 6n + 2 for an n from 1, got ${depth}`,
    });
  });
}

Deno.test("a few steps on a batch lower its loss, and move what it says of images", () =>
  withResnet(8, async (model) => {
    const images = randomBatch([16, 32, 32, 3]);
    const labels = Uint8Array.from({ length: 16 }, (_, i) => i % 10);
    const predicted = () =>
      tf.tidy(() =>
        (model.predict(tf.tensor4d(images.data, [16, 32, 32, 3])) as tf.Tensor)
          .dataSync<"float32">().slice()
      );
    const before = predicted();
    const engine = createTfjsEngine(model);
    const losses: number[] = [];
    for (let i = 0; i < 8; i++) losses.push(await engine.step({ images, labels }, 0.005));
    engine.dispose();
    assert.ok(losses.at(-1)! < losses[0]! / 2, `got ${losses.map((loss) => loss.toFixed(3))}`);
    assert.notDeepEqual(predicted(), before);
  }));

Deno.test("training moves the moving averages towards the batch's, which inference uses", () =>
  withResnet(8, async (model) => {
    const averages = () =>
      model.getLayer("conv1_norm").getWeights().slice(2)
        .map((weight) => weight.dataSync<"float32">().slice());
    const [mean, variance] = averages();
    assert.deepEqual([new Set(mean), new Set(variance)], [new Set([0]), new Set([1])]);
    const engine = createTfjsEngine(model);
    const images = randomBatch([8, 32, 32, 3]);
    const x = tf.tensor4d(images.data, [8, 32, 32, 3]);
    const inputs = tf.model({ inputs: model.inputs, outputs: outputOf(model, "conv1") });
    const expected = tf.tidy(() => {
      const batch = tf.moments(inputs.predict(x) as tf.Tensor, [0, 1, 2]);
      return [
        batch.mean.dataSync<"float32">().slice(),
        batch.variance.dataSync<"float32">().slice(),
      ];
    });
    await engine.step({ images, labels: new Uint8Array(8) }, 0);
    const [movedMean, movedVariance] = averages();
    movedMean!.forEach((value, channel) => {
      assert.ok(Math.abs(value - 0.1 * expected[0]![channel]!) < 1e-4);
      assert.ok(Math.abs(movedVariance![channel]! - (0.9 + 0.1 * expected[1]![channel]!)) < 1e-3);
    });
    engine.dispose();
    x.dispose();
  }));

function outputOf(model: tf.LayersModel, layer: string): tf.SymbolicTensor {
  return model.getLayer(layer).output as tf.SymbolicTensor;
}
