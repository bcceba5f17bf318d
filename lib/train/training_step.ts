/**
 * One step of training on tfjs, with the kernels of `lib/wasm`.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import type { LabelledImages } from "../core/types.ts";
import { Adam, Sgd } from "../wasm/mod.ts";
import type { Optimizer } from "./recipe.ts";

/** What the training loop needs of whatever runs its steps. */
export interface TrainingStep {
  /**
   * Updates the weights by one batch.
   *
   * @param batch Images `(B, H, W, C)` and their labels.
   * @param learningRate Of this step.
   * @returns The mean loss over the batch, before the update; nats.
   */
  run(batch: LabelledImages, learningRate: number): number;
  /** Frees what the steps share; the model stays. */
  dispose(): void;
}

/**
 * Steps by tfjs: softmax cross-entropy, its gradient by tfjs's tape, the optimizer.
 *
 * @param model Trained in place. Its output is probabilities `(N, classes)`.
 * @param choice The optimizer; Adam unless given.
 */
export function createTfjsStep(
  model: tf.LayersModel,
  choice: Optimizer = { kind: "adam" },
): TrainingStep {
  const classes = Number(model.outputs[0]?.shape.at(-1));
  const optimizer = choice.kind === "adam" ? new Adam(choice) : new Sgd(choice);
  const variables = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  return {
    run({ images, labels }, learningRate) {
      optimizer.learningRate = learningRate;
      return tf.tidy(() => {
        const x = tf.tensor4d(images.data, [...images.shape]);
        const y = tf.oneHot(tf.tensor1d(labels, "int32"), classes);
        const loss = optimizer.minimize(
          () => tf.mean(crossEntropy(y, model.apply(x, { training: true }) as tf.Tensor)),
          true,
          variables,
        );
        return loss!.dataSync()[0]!;
      });
    },
    dispose: () => optimizer.dispose(),
  };
}

/**
 * −Σ y·ln(p + 10⁻⁷). `(N, classes)` each; returns `(N)`. Keras clips p instead, which on this backend
 * makes a number of NaN and so hides that training has failed.
 */
function crossEntropy(y: tf.Tensor, probabilities: tf.Tensor): tf.Tensor {
  return tf.neg(tf.sum(tf.mul(y, tf.log(tf.add(probabilities, 1e-7))), -1));
}
