/**
 * The engine that works for every model: tfjs's own tape, with the kernels of `lib/wasm`.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import type { ImageBatch, LabelledImages } from "../core/types.ts";
import { predict } from "../model/predict.ts";
import { Adam, Sgd } from "../wasm/mod.ts";
import { type Engine, gradientOf, requireGradients } from "./engine.ts";
import type { Optimizer } from "./optimizer.ts";
import { forward, lastHiddenLayer } from "./tfjs_forward.ts";

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
    layers: model.layers.map((layer) => ({ name: layer.name, className: layer.getClassName() })),
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
    inputGradient: ({ images, labels }) =>
      gradientToImages(images, (x, first, count) => {
        const y = tf.oneHot(tf.tensor1d(labels.subarray(first, first + count), "int32"), classes);
        return crossEntropy(y, model.apply(x, { training: false }) as tf.Tensor);
      }),
    logits: (images, { alteration } = {}) =>
      inChunks(images, (x, first) => forward(model, x, { alteration, first })),
    activations: async (images, { layer = lastHiddenLayer(model), alteration } = {}) =>
      await inChunks(images, (x, first) => forward(model, x, { layer, alteration, first })),
    pullBack: async (images, gradients) => {
      if (typeof gradients !== "function") {
        requireGradients(gradients, { images: images.shape[0], classes });
      }
      return await gradientToImages(images, (x, first, count) => {
        const logits = forward(model, x);
        const values = typeof gradients === "function"
          ? gradientOf(gradients, { logits: logits.dataSync<"float32">().slice(), first, classes })
          : gradients.subarray(first * classes, (first + count) * classes);
        return tf.mul(tf.tensor2d(values, [count, classes]), logits);
      });
    },
    classify: async (images, { alteration, onChunk } = {}) =>
      alteration === undefined
        ? await predict(model, images, onChunk && { onChunk })
        : await inChunks(images, (x, first) => {
          onChunk?.();
          return tf.softmax(forward(model, x, { alteration, first }));
        }),
    save() {},
    dispose: () => optimizer.dispose(),
  };
}

/** Images of which a gradient is taken, or a layer is read, at a time: bounds the memory. */
const CHUNK = 128;

/**
 * Goes through images a chunk at a time; other work has its turn between chunks.
 *
 * @param run Gives what it says of the chunk's images, as many values for each.
 */
async function inChunks(
  { data, shape: [count, ...shape] }: ImageBatch,
  run: (x: tf.Tensor4D, first: number, images: number) => tf.Tensor,
): Promise<Float32Array> {
  const size = shape[0] * shape[1] * shape[2];
  const chunks: Float32Array[] = [];
  for (let first = 0; first < count; first += CHUNK) {
    const images = Math.min(CHUNK, count - first);
    const values = data.subarray(first * size, (first + images) * size);
    chunks.push(tf.tidy(() => {
      const x = tf.tensor4d(values, [images, ...shape]);
      return run(x, first, images).dataSync<"float32">().slice();
    }));
    await new Promise((resolve) => setTimeout(resolve));
  }
  const all = new Float32Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const chunk of chunks) {
    all.set(chunk, end);
    end += chunk.length;
  }
  return all;
}

/** The gradient to images of a sum over what is worked out of them. */
function gradientToImages(
  images: ImageBatch,
  summands: (x: tf.Tensor, first: number, count: number) => tf.Tensor,
): Promise<Float32Array> {
  return inChunks(
    images,
    (x, first, count) => tf.grad((x) => tf.sum(summands(x, first, count)))(x),
  );
}

/**
 * −Σ y·ln(p + 10⁻⁷). `(N, classes)` each; returns `(N)`. Keras clips p instead, which on this backend
 * makes a number of NaN and so hides that training has failed.
 */
function crossEntropy(y: tf.Tensor, probabilities: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(y, tf.log(tf.add(probabilities, 1e-7))), -1));
}
