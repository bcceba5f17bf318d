/**
 * The engine that works for every model: tfjs's own tape, with the kernels of `lib/wasm`.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import type { ImageBatch, LabelledImages } from "../core/types.ts";
import { predict } from "../model/predict.ts";
import { Adam, Sgd } from "../wasm/mod.ts";
import type { Engine } from "./engine.ts";
import type { Optimizer } from "./optimizer.ts";

/**
 * Steps by tfjs: softmax cross-entropy, its gradient by tfjs's tape, the optimizer.
 *
 * @param model Trained in place. Its output is probabilities `(N, classes)`.
 * @param optimizer Adam unless given.
 */
export function createTfjsEngine(
  model: tf.LayersModel,
  { kind, ...options }: Optimizer = { kind: "adam" },
): Engine {
  const classes = Number(model.outputs[0]?.shape.at(-1));
  const optimizer = kind === "adam" ? new Adam(options) : new Sgd(options);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  return {
    name: "tfjs-wasm",
    workers: 1,
    classes,
    async step({ images, labels }: LabelledImages, learningRate: number) {
      optimizer.learningRate = learningRate;
      const loss = tf.tidy(() => {
        const x = tf.tensor4d(images.data, [...images.shape]);
        const y = tf.oneHot(tf.tensor1d(labels, "int32"), classes);
        const mean = optimizer.minimize(
          () => tf.mean(crossEntropy(y, model.apply(x, { training: true }) as tf.Tensor)),
          true,
          variables,
        );
        return mean!.dataSync()[0]!;
      });
      // Signals and timers have their turn between steps.
      await new Promise((resolve) => setTimeout(resolve));
      return loss;
    },
    inputGradient: (batch) => inputGradient(model, batch, classes),
    classify: (images: ImageBatch, options) => predict(model, images, options),
    save() {},
    dispose: () => optimizer.dispose(),
  };
}

/** Images whose gradient is taken at a time: bounds the memory for activations. */
const CHUNK = 128;

async function inputGradient(
  model: tf.LayersModel,
  { images: { data, shape: [count, ...shape] }, labels }: LabelledImages,
  classes: number,
): Promise<Float32Array> {
  const size = shape[0] * shape[1] * shape[2];
  const gradient = new Float32Array(data.length);
  for (let first = 0; first < count; first += CHUNK) {
    const end = Math.min(first + CHUNK, count);
    const chunk = tf.tidy(() => {
      const y = tf.oneHot(tf.tensor1d(labels.subarray(first, end), "int32"), classes);
      const loss = (x: tf.Tensor) =>
        tf.sum(crossEntropy(y, model.apply(x, { training: false }) as tf.Tensor));
      const values = data.subarray(first * size, end * size);
      return tf.grad(loss)(tf.tensor4d(values, [end - first, ...shape])).dataSync<"float32">();
    });
    gradient.set(chunk, first * size);
    await new Promise((resolve) => setTimeout(resolve));
  }
  return gradient;
}

/**
 * −Σ y·ln(p + 10⁻⁷). `(N, classes)` each; returns `(N)`. Keras clips p instead, which on this backend
 * makes a number of NaN and so hides that training has failed.
 */
function crossEntropy(y: tf.Tensor, probabilities: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(y, tf.log(tf.add(probabilities, 1e-7))), -1));
}
