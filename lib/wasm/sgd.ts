/**
 * Gradient descent with momentum on the wasm backend, a drop-in for `tf.train.momentum` and
 * `tf.train.sgd`.
 *
 * @module
 */

import type { serialization, Tensor, Variable } from "@tensorflow/tfjs-core";
import { type SgdOptions, sgdStep } from "./kernels/sgd_step.ts";
import { FusedOptimizer, type OptimizerState } from "./optimizer.ts";
import { type OptionRules, readOptions } from "./optimizer_options.ts";

/** As `SgdOptions`, Nesterov's momentum also under the name that tfjs's configuration has for it. */
interface NamedSgdOptions extends SgdOptions {
  readonly useNesterov: boolean;
}

const rules: OptionRules<NamedSgdOptions> = {
  learningRate: { default: 0.01 },
  momentum: { default: 0, below: 1 },
  nesterov: { default: false },
  weightDecay: { default: 0 },
  useNesterov: { default: false },
};

/** One fused kernel a variable; the same update as tfjs's, and PyTorch's weight decay. */
export class Sgd extends FusedOptimizer<"momentum"> {
  /** As tfjs's own, which this replaces in a training configuration. */
  static readonly className = "Momentum";
  readonly #options: Omit<SgdOptions, "learningRate">;

  /**
   * @param options `learningRate` .01, `momentum` 0, `nesterov` false, `weightDecay` 0 unless given;
   *   or these values in this order, as `tf.train.momentum` takes the first three.
   * @throws {TypeError} If one is unknown, or of another type.
   * @throws {RangeError} If a number is NaN, infinite or below 0, or the momentum is not below 1.
   */
  constructor(options?: Partial<NamedSgdOptions>);
  constructor(learningRate?: number, momentum?: number, nesterov?: boolean, weightDecay?: number);
  constructor(...given: unknown[]) {
    const { learningRate, useNesterov, ...options } = readOptions<NamedSgdOptions>(
      "Sgd",
      rules,
      given,
    );
    super(["momentum"], learningRate);
    this.#options = { ...options, nesterov: options.nesterov || useNesterov };
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
