/**
 * Training steps by tfjs: its tape, and an optimizer of `lib/wasm`.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import type { LabelledImages } from "../core/types.ts";
import { Adam, Sgd } from "../wasm/mod.ts";
import { type Engine, gradientOf, type StepOptions } from "./engine.ts";
import { frozenParameters } from "./layers.ts";
import { networkOfModel } from "./model_network.ts";
import type { Optimizer } from "./optimizer.ts";
import { climb } from "./sharpness.ts";
import { crossEntropy, forward } from "./tfjs_forward.ts";

/** What trains a model. */
export interface TfjsTrainer extends Pick<Engine, "step" | "stepBy"> {
  dispose(): void;
}

/**
 * Prepares training.
 *
 * @param options `frozen`: layers that are not trained.
 * @throws {RangeError} If one of them cannot be frozen.
 */
export function createTrainer(
  model: tf.LayersModel,
  { kind, ...options }: Optimizer,
  { classes, frozen }: { readonly classes: number; readonly frozen: readonly string[] },
): TfjsTrainer {
  const optimizer = kind === "adam" ? new Adam(options) : new Sgd(options);
  const names = new Set(frozen);
  if (frozen.length > 0) frozenParameters(networkOfModel(model).layers, frozen);
  const still = new Set(frozen.flatMap((name) => model.getLayer(name).weights));
  const variables = model.trainableWeights
    .filter((weight) => !still.has(weight))
    .map((weight) => weight.read() as tf.Variable);

  /** The probabilities of images, as in training. */
  const train = (x: tf.Tensor): tf.Tensor =>
    frozen.length === 0
      ? model.apply(x, { training: true }) as tf.Tensor
      : tf.softmax(forward(model, x, { isTraining: true, frozen: names }));

  /** A step by the gradient of a loss, which is asked for once or twice. */
  function update(
    loss: () => tf.Scalar,
    { learningRate, sharpness }: { readonly learningRate: number } & StepOptions,
  ): void {
    optimizer.learningRate = learningRate;
    let { grads } = optimizer.computeGradients(loss, variables);
    if (sharpness !== undefined) {
      const before = model.weights.map((weight) => weight.read().clone());
      const all = variables.map((variable) => ({
        weights: variable.dataSync<"float32">().slice(),
        gradient: grads[variable.name]!.dataSync<"float32">(),
      }));
      climb(all, sharpness);
      variables.forEach((variable, i) =>
        variable.assign(tf.tensor(all[i]!.weights, variable.shape))
      );
      ({ grads } = optimizer.computeGradients(loss, variables));
      model.weights.forEach((weight, i) => weight.write(before[i]!));
    }
    optimizer.applyGradients(grads);
  }

  return {
    async step({ images, labels }: LabelledImages, learningRate, { gain = 1, sharpness } = {}) {
      const losses: number[] = [];
      tf.tidy(() => {
        const x = tf.tensor4d(images.data, [...images.shape]);
        const y = tf.oneHot(tf.tensor1d(labels, "int32"), classes);
        update(() => {
          const mean = tf.mean<tf.Scalar>(crossEntropy(y, train(x)));
          losses.push(mean.dataSync()[0]!);
          return tf.mul(mean, gain);
        }, { learningRate, sharpness });
      });
      // Signals and timers have their turn between steps.
      await new Promise((resolve) => setTimeout(resolve));
      return losses[0]!;
    },
    async stepBy(images, gradient, learningRate, options = {}) {
      tf.tidy(() => {
        const x = tf.tensor4d(images.data, [...images.shape]);
        update(() => {
          const logits = forward(model, x, { isTraining: true, frozen: names });
          const values = logits.dataSync<"float32">().slice();
          const given = gradientOf(gradient, { logits: values, first: 0, classes });
          return tf.sum(tf.mul(tf.tensor2d(given, [images.shape[0], classes]), logits));
        }, { learningRate, ...options });
      });
      await new Promise((resolve) => setTimeout(resolve));
    },
    dispose: () => optimizer.dispose(),
  };
}
