/**
 * The engine that works for every model: tfjs's own tape, with the kernels of `lib/wasm`.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import type { ImageBatch } from "../core/types.ts";
import { predict } from "../model/predict.ts";
import {
  type Engine,
  type EngineLayer,
  gradientOf,
  requireGradients,
  requireWeights,
} from "./engine.ts";
import type { Optimizer } from "./optimizer.ts";
import { crossEntropy, forward, lastHiddenLayer } from "./tfjs_forward.ts";
import { createTrainer } from "./tfjs_training.ts";

/**
 * Makes an engine of a model's own layers.
 *
 * @param model Trained in place. Its output is probabilities `(N, classes)`.
 * @param optimizer Adam unless given.
 * @param options `frozen`: layers that are not trained; none unless given.
 * @throws {RangeError} If a layer cannot be frozen.
 */
export function createTfjsEngine(
  model: tf.LayersModel,
  optimizer: Optimizer = { kind: "adam" },
  { frozen = [] }: { readonly frozen?: readonly string[] | undefined } = {},
): Engine {
  const classes = Number(model.outputs[0]?.shape.at(-1));
  const trainer = createTrainer(model, optimizer, { classes, frozen });
  const layers = describeLayers(model);
  return {
    name: "tfjs-wasm",
    workers: 1,
    classes,
    layers,
    step: trainer.step,
    stepBy: trainer.stepBy,
    weights(layer) {
      requireWeights(layers, { layer, why: "read weights" });
      return Object.fromEntries(
        model.getLayer(layer).weights.map((variable) =>
          [ownName(variable), variable.read().dataSync<"float32">().slice()] as const
        ),
      );
    },
    setWeights(layer, given) {
      requireWeights(layers, { layer, why: "set weights", given });
      for (const variable of model.getLayer(layer).weights) {
        const values = given[ownName(variable)];
        if (values === undefined) continue;
        tf.tidy(() => void variable.write(tf.tensor(values.slice(), variable.read().shape)));
      }
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
    dispose: () => trainer.dispose(),
  };
}

function describeLayers(model: tf.LayersModel): EngineLayer[] {
  return model.layers.map((layer) => ({
    name: layer.name,
    className: layer.getClassName(),
    weights: Object.fromEntries(
      layer.weights.map((variable) => [ownName(variable), variable.read().shape]),
    ),
  }));
}

/** For example `"kernel"` of `"conv1/kernel"`. */
function ownName({ originalName }: tf.LayerVariable): string {
  return originalName.split("/").at(-1)!;
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
