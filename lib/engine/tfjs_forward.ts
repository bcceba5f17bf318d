/**
 * A tfjs model's forward pass layer by layer: what stands within it can be read.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { hashDropout } from "../wasm/mod.ts";
import { type Alteration, channelNumbers, layerDropouts } from "./alteration.ts";
import { networkOfModel } from "./model_network.ts";
import type { NetworkLayer } from "./network.ts";

/** How to go through a model. */
export interface ForwardOptions {
  /** The layer whose output is wanted; the logits unless given. */
  readonly layer?: string;
  /** Whether as in training; not so unless given. */
  readonly isTraining?: boolean;
  /** Layers that are as at inference even so. */
  readonly frozen?: ReadonlySet<string>;
  readonly alteration?: Alteration | undefined;
  /** Which image of a call the first of these is; 0 unless given. */
  readonly first?: number;
}

/**
 * What a model says of images before its softmax, or what a layer of it says.
 *
 * @param model It ends in a dense layer or a sum with softmax.
 * @param x `(N, H, W, C)`.
 * @returns `(N, classes)`, or the layer's output. Differentiable.
 * @throws {UnsupportedModelError} If it has several inputs or outputs, or uses a layer twice.
 * @throws {RangeError} If it ends in anything else, or does not have the layer.
 */
export function forward(
  model: tf.LayersModel,
  x: tf.Tensor,
  { layer: wanted, isTraining = false, frozen, alteration = {}, first: firstImage = 0 }:
    ForwardOptions = {},
): tf.Tensor {
  const { layers } = networkOfModel(model);
  const change = changeOf(alteration, layers);
  if (wanted !== undefined) requireLayer(wanted, layers, "read activations");
  const outputs = new Map<string, tf.Tensor>();
  for (const layer of layers) {
    const inputs = layer.inputs.map((name) => outputs.get(name) ?? x);
    const [first = x] = inputs;
    const output = layer.className === "InputLayer"
      ? x
      : layer === layers.at(-1)
      ? withoutSoftmax(model.getLayer(layer.name), first)
      : model.getLayer(layer.name).apply(inputs.length > 1 ? inputs : first, {
        training: isTraining && !frozen?.has(layer.name),
      }) as tf.Tensor;
    const y = change(layer.name, output, firstImage);
    if (layer.name === wanted) return y;
    outputs.set(layer.name, y);
  }
  return outputs.get(layers.at(-1)!.name)!;
}

/** The layer that the last dense layer reads; where logits are a sum, that of its first summand. */
export function lastHiddenLayer(model: tf.LayersModel): string {
  const { layers } = networkOfModel(model);
  let layer = layers.at(-1);
  while (layer !== undefined && layer.className !== "Dense") {
    const [source] = layer.inputs;
    const isPassed = ["Activation", "Softmax", "Add"].includes(layer.className);
    layer = isPassed ? layers.find(({ name }) => name === source) : undefined;
  }
  const hidden = layer?.inputs[0];
  if (hidden !== undefined) return hidden;
  throw new RangeError(
    "Cannot read activations: the network has no last hidden layer, for its logits do not come from " +
      "a dense layer; name a layer",
  );
}

function withoutSoftmax(layer: tf.layers.Layer, x: tf.Tensor): tf.Tensor {
  const className = layer.getClassName();
  if (className === "Softmax" || layer.getConfig().activation === "softmax") {
    if (className !== "Dense") return x;
    const [kernel, bias] = layer.getWeights();
    const products = tf.matMul(x as tf.Tensor2D, kernel as tf.Tensor2D);
    return bias === undefined ? products : tf.add(products, bias);
  }
  throw new RangeError(
    "Cannot read the logits: the model must end in a dense layer or a sum with softmax, got " +
      className,
  );
}

/** What becomes of each layer's output. */
function changeOf(
  { channels = {}, dropout }: Alteration,
  layers: readonly NetworkLayer[],
): (layer: string, y: tf.Tensor, first: number) => tf.Tensor {
  const dropouts = dropout === undefined ? [] : layerDropouts(dropout, layers);
  for (const layer of Object.keys(channels)) requireLayer(layer, layers, "change channels");
  for (const { layer } of dropouts) requireLayer(layer, layers, "drop out");
  return (layer, output, firstImage) => {
    let y = output;
    const change = channels[layer];
    if (change !== undefined) {
      const numbers = channelNumbers(change, { layer, channels: y.shape.at(-1)! });
      y = tf.add(tf.mul(y, tf.tensor1d(numbers.factors)), tf.tensor1d(numbers.shifts));
    }
    for (const { rate, seed } of dropouts.filter((each) => each.layer === layer)) {
      const first = firstImage * y.size / y.shape[0]!;
      y = hashDropout(y, { rate, seed, first });
    }
    return y;
  };
}

function requireLayer(wanted: string, layers: readonly NetworkLayer[], why: string): void {
  if (layers.slice(0, -1).some(({ name }) => name === wanted)) return;
  throw new RangeError(
    `Cannot ${why}: layer must be one of ${namesOf(layers)}, got "${wanted}"`,
  );
}

function namesOf(layers: readonly NetworkLayer[]): string {
  return layers.slice(0, -1).map(({ name }) => name).join(", ");
}

/**
 * −Σ y·ln(p + 10⁻⁷). `(N, classes)` each; returns `(N)`. Keras clips p instead, which on this backend
 * makes a number of NaN and so hides that training has failed.
 */
export function crossEntropy(y: tf.Tensor, probabilities: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(y, tf.log(tf.add(probabilities, 1e-7))), -1));
}
