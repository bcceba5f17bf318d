import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { createRandom } from "../../../lib/core/random.ts";
import { Adam, Sgd, softmaxCrossEntropy } from "../../../lib/wasm/mod.ts";

const CLASSES = 4;

/** A small CNN with every layer that the kernels serve; its weights and masks are seeded. */
function createModel(optimizer: string | tf.Optimizer): tf.Sequential {
  const kernelInitializer = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({
        inputShape: [13, 11, 3],
        filters: 9,
        kernelSize: 3,
        strides: 2,
        padding: "same",
        activation: "relu",
        kernelInitializer: kernelInitializer(1),
      }),
      tf.layers.maxPooling2d({ poolSize: 3, strides: 1, padding: "same" }),
      tf.layers.conv2d({
        filters: 10,
        kernelSize: [2, 3],
        padding: "same",
        kernelInitializer: kernelInitializer(2),
      }),
      tf.layers.averagePooling2d({ poolSize: 2 }),
      tf.layers.dropout({ rate: 0.25, seed: 3 }),
      tf.layers.flatten(),
      tf.layers.dense({
        units: 17,
        activation: "relu",
        kernelInitializer: kernelInitializer(4),
      }),
      tf.layers.dropout({ rate: 0.5, seed: 5 }),
      tf.layers.dense({
        units: CLASSES,
        activation: "softmax",
        kernelInitializer: kernelInitializer(6),
      }),
    ],
  });
  model.compile({ optimizer, loss: "categoricalCrossentropy" });
  return model;
}

/** Images whose class shows in their brightness, and the classes one-hot. */
function createData(count: number): { x: tf.Tensor; y: tf.Tensor } {
  const random = createRandom(1, "images");
  const labels = Int32Array.from({ length: count }, (_, i) => i % CLASSES);
  const size = 13 * 11 * 3;
  const pixels = Float32Array.from(
    { length: count * size },
    (_, i) => random.uniform() * (labels[Math.floor(i / size)]! + 1) / CLASSES,
  );
  return {
    x: tf.tensor(pixels, [count, 13, 11, 3]),
    y: tf.tidy(() => tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES).toFloat()),
  };
}

/** What one training left. */
interface Training {
  readonly losses: readonly number[];
  readonly weights: readonly Float32Array[];
}

/** Ten steps of `model.fit`, unshuffled. */
async function train(
  backend: "wasm" | "cpu",
  createOptimizer: () => string | tf.Optimizer,
): Promise<Training> {
  await tf.setBackend(backend);
  const model = createModel(createOptimizer());
  const { x, y } = createData(80);
  const losses: number[] = [];
  await model.fit(x, y, {
    epochs: 1,
    batchSize: 8,
    shuffle: false,
    verbose: 0,
    yieldEvery: "never",
    callbacks: { onBatchEnd: (_batch, logs) => void losses.push(logs!.loss!) },
  });
  const weights = model.getWeights().map((weight) => weight.dataSync<"float32">().slice());
  tf.dispose([x, y]);
  model.dispose();
  return { losses, weights };
}

const optimizers: Readonly<Record<string, () => string | tf.Optimizer>> = {
  "tfjs's adam": () => "adam",
  "this module's Adam": () => new Adam(),
};

for (const [name, createOptimizer] of Object.entries(optimizers)) {
  Deno.test(`model.fit with ${name} has the cpu backend's losses, to 1e-4 over ten steps`, async () => {
    const ours = await train("wasm", createOptimizer);
    const cpu = await train("cpu", () => "adam");
    assert.equal(ours.losses.length, 10);
    assert.ok(ours.losses.at(-1)! < ours.losses[0]!, "it learns");
    for (const [step, loss] of cpu.losses.entries()) {
      const difference = Math.abs(ours.losses[step]! - loss);
      assert.ok(difference < 1e-4, `step ${step}: ${ours.losses[step]} for ${loss}`);
    }
  });
}

Deno.test("the same seeds train the same weights, bit for bit", async () => {
  const first = await train("wasm", () => new Adam());
  const second = await train("wasm", () => new Adam());
  assert.deepEqual(second, first);
});

/** A small network with the layers that `createModel` has not. */
function createNormalizedModel(): tf.Sequential {
  const model = tf.sequential({
    layers: [
      tf.layers.separableConv2d({ inputShape: [13, 11, 3], filters: 6, kernelSize: 3, strides: 2 }),
      tf.layers.batchNormalization(),
      tf.layers.reLU(),
      tf.layers.conv2dTranspose({ filters: 4, kernelSize: 2 }),
      tf.layers.globalAveragePooling2d({}),
      tf.layers.dense({ units: CLASSES }),
    ],
  });
  model.compile({
    optimizer: new Sgd({ momentum: 0.9, nesterov: true, weightDecay: 1e-4 }),
    loss: softmaxCrossEntropy,
  });
  return model;
}

for (
  const [name, create] of [
    ["a CNN", () => createModel(new Adam())],
    ["batch normalisation, depthwise and transposed convolution", createNormalizedModel],
  ] as const
) {
  Deno.test(`1,000 steps of ${name} leave no tensor and do not grow the heap`, async () => {
    await tf.setBackend("wasm");
    const model = create();
    const { x, y } = createData(8);
    const steps = async (count: number) => {
      for (let i = 0; i < count; i++) await model.trainOnBatch(x, y);
      return {
        tensors: tf.memory().numTensors,
        data: tf.backend().numDataIds(),
        heap: heapBytes(),
      };
    };
    const before = await steps(5);
    assert.deepEqual(await steps(1000), before);
    tf.dispose([x, y]);
    model.dispose();
  });
}

/** Size of the backend's heap, which never shrinks. */
function heapBytes(): number {
  const backend = tf.backend() as unknown as { wasm: { HEAPU8: Uint8Array } };
  return backend.wasm.HEAPU8.buffer.byteLength;
}
