import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import "../../../lib/wasm/mod.ts";
import { drawValues, toTensor } from "./values.ts";

/** A model that trains on the wasm backend only with the kernels of this module, or slowly. */
interface Case {
  /** Of one sample. */
  readonly inputShape: readonly number[];
  readonly layers: () => tf.layers.Layer[];
  /** Makes indices below this of the inputs. */
  readonly vocabulary?: number;
}

const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });

const cases: Readonly<Record<string, Case>> = {
  conv2dTranspose: {
    inputShape: [4, 5, 3],
    layers: () => [
      tf.layers.conv2dTranspose({
        filters: 5,
        kernelSize: 3,
        strides: 2,
        padding: "same",
        activation: "relu",
        kernelInitializer: seeded(1),
      }),
      tf.layers.conv2dTranspose({ filters: 2, kernelSize: 2, kernelInitializer: seeded(2) }),
    ],
  },
  separableConv2d: {
    inputShape: [6, 5, 3],
    layers: () => [
      tf.layers.separableConv2d({
        filters: 5,
        kernelSize: 3,
        depthMultiplier: 2,
        activation: "relu",
        depthwiseInitializer: seeded(1),
        pointwiseInitializer: seeded(2),
      }),
    ],
  },
  depthwiseConv2d: {
    inputShape: [6, 5, 4],
    layers: () => [
      tf.layers.depthwiseConv2d({
        kernelSize: 3,
        strides: 2,
        padding: "same",
        depthwiseInitializer: seeded(1),
      }),
    ],
  },
  "batchNormalization of images": {
    inputShape: [6, 5, 3],
    layers: () => [
      tf.layers.conv2d({ filters: 6, kernelSize: 3, useBias: false, kernelInitializer: seeded(1) }),
      tf.layers.batchNormalization({ momentum: 0.8 }),
      tf.layers.reLU(),
    ],
  },
  "batchNormalization of features": {
    inputShape: [7],
    layers: () => [
      tf.layers.dense({ units: 6, kernelInitializer: seeded(1) }),
      tf.layers.batchNormalization(),
    ],
  },
  "embedding (tfjs issue 8082)": {
    inputShape: [4],
    vocabulary: 7,
    layers: () => [
      tf.layers.embedding({ inputDim: 7, outputDim: 5, embeddingsInitializer: seeded(1) }),
    ],
  },
  "lstm (tfjs issue 4326)": {
    inputShape: [6, 3],
    layers: () => [
      tf.layers.lstm({
        units: 5,
        kernelInitializer: seeded(1),
        recurrentInitializer: seeded(2),
      }),
    ],
  },
  "upSampling2d and pooling": {
    inputShape: [4, 4, 2],
    layers: () => [
      tf.layers.conv2d({
        filters: 5,
        kernelSize: 3,
        padding: "same",
        kernelInitializer: seeded(1),
      }),
      tf.layers.upSampling2d({ interpolation: "bilinear" }),
      tf.layers.averagePooling2d({ poolSize: 2 }),
      tf.layers.globalMaxPooling2d({}),
    ],
  },
};

/** Losses of five epochs, and the model's output at inference then. */
async function train(
  { inputShape, layers, vocabulary }: Case,
  backend: "wasm" | "cpu",
): Promise<{ losses: number[]; outputs: Float32Array }> {
  await tf.setBackend(backend);
  const model = tf.sequential();
  model.add(tf.layers.inputLayer({ inputShape: [...inputShape] }));
  for (const layer of layers()) model.add(layer);
  if (model.outputs[0]!.rank > 2) model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: seeded(9) }));
  model.compile({ optimizer: tf.train.sgd(0.1), loss: "categoricalCrossentropy" });
  const samples = 9;
  const x = tf.tidy(() => {
    const values = toTensor(drawValues([samples, ...inputShape], { seed: 1 }));
    return vocabulary === undefined ? values : tf.mod(tf.floor(tf.abs(values.mul(4))), vocabulary);
  });
  const y = tf.tidy(() =>
    tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1, 2], "int32"), 3).toFloat()
  );
  const { history } = await model.fit(x, y, {
    epochs: 5,
    batchSize: 4,
    shuffle: false,
    verbose: 0,
    yieldEvery: "never",
  });
  const outputs = tf.tidy(() => (model.predict(x) as tf.Tensor).dataSync<"float32">().slice());
  tf.dispose([x, y]);
  model.dispose();
  return { losses: history.loss as number[], outputs };
}

for (const [name, each] of Object.entries(cases)) {
  Deno.test(`model.fit of ${name} goes as on the cpu backend`, async () => {
    const ours = await train(each, "wasm");
    const cpu = await train(each, "cpu");
    assert.ok(ours.losses.at(-1)! < ours.losses[0]!, `it learns: ${ours.losses}`);
    for (const part of ["losses", "outputs"] as const) {
      for (const [i, value] of cpu[part].entries()) {
        const difference = Math.abs(ours[part][i]! - value);
        assert.ok(difference < 2e-4, `${part} ${i}: ${ours[part][i]} for ${value}`);
      }
    }
  });
}
