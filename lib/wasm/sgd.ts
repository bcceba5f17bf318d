/**
 * Gradient descent with momentum on the wasm backend, a drop-in for `tf.train.momentum` and
 * `tf.train.sgd`.
 *
 * @module
 */

import type { serialization, Tensor, Variable } from "@tensorflow/tfjs-core";
import { type SgdOptions, sgdStep } from "./kernels/sgd_step.ts";
import { FusedOptimizer, type OptimizerState } from "./optimizer.ts";

/** One fused kernel a variable; the same update as tfjs's, and PyTorch's weight decay. */
export class Sgd extends FusedOptimizer<"momentum"> {
  /** As tfjs's own, which this replaces in a training configuration. */
  static readonly className = "Momentum";
  /** May be set between steps, as a schedule does. */
  learningRate: number;
  readonly #options: Omit<SgdOptions, "learningRate">;

  /**
   * @param options `learningRate` .01, `momentum` 0, `nesterov` false, `weightDecay` 0 unless given.
   */
  constructor(options: Partial<SgdOptions> = {}) {
    super(["momentum"]);
    const { learningRate = 0.01, momentum = 0, nesterov = false, weightDecay = 0 } = options;
    this.learningRate = learningRate;
    this.#options = { momentum, nesterov, weightDecay };
  }

  protected override step(
    value: Variable,
    { momentum }: OptimizerState<"momentum">,
    gradient: Tensor,
  ): Tensor {
    return sgdStep({ value, velocity: momentum }, gradient, {
      ...this.#options,
      learningRate: this.learningRate,
    });
  }

  /** What the constructor takes; Nesterov's momentum also under tfjs's name for it. */
  override getConfig(): serialization.ConfigDict {
    const { nesterov } = this.#options;
    return { learningRate: this.learningRate, ...this.#options, useNesterov: nesterov };
  }
}
