/**
 * Adam on the wasm backend, a drop-in for `tf.train.adam`.
 *
 * @module
 */

import type { serialization, Tensor, Variable } from "@tensorflow/tfjs-core";
import { type AdamOptions, adamStep } from "./kernels/adam_step.ts";
import { FusedOptimizer, type OptimizerState } from "./optimizer.ts";
import { type OptionRules, readOptions } from "./optimizer_options.ts";

const rules: OptionRules<AdamOptions> = {
  learningRate: { default: 0.001 },
  beta1: { default: 0.9, below: 1 },
  beta2: { default: 0.999, below: 1 },
  epsilon: { default: 1e-7 },
  weightDecay: { default: 0 },
};

/**
 * Adam (Kingma & Ba, arXiv 1412.6980), one fused kernel a variable where tfjs runs about twelve.
 * The same update as `tf.train.adam`, which works out 1 − β₂ᵗ in float32 and is off by a
 * hundred-thousandth of a step at first. With weight decay it is AdamW (Loshchilov & Hutter, arXiv
 * 1711.05101), which tfjs does not have.
 */
export class Adam extends FusedOptimizer<"m" | "v"> {
  /** As tfjs's own, which this replaces in a training configuration. */
  static readonly className = "Adam";
  readonly #options: Omit<AdamOptions, "learningRate">;

  /**
   * @param options `learningRate` .001, `beta1` .9, `beta2` .999, `epsilon` 1e-7, `weightDecay` 0
   *   unless given; or these values in this order, as `tf.train.adam` takes the first four.
   * @throws {TypeError} If one is unknown, or no number.
   * @throws {RangeError} If one is NaN, infinite or below 0, or a beta is not below 1.
   */
  constructor(options?: Partial<AdamOptions>);
  constructor(
    learningRate?: number,
    beta1?: number,
    beta2?: number,
    epsilon?: number,
    weightDecay?: number,
  );
  constructor(...given: unknown[]) {
    const { learningRate, ...options } = readOptions<AdamOptions>("Adam", rules, given);
    super(["m", "v"], learningRate);
    this.#options = options;
  }

  protected override step(
    value: Variable,
    { m, v }: OptimizerState<"m" | "v">,
    gradient: Tensor,
  ): Tensor {
    return adamStep({ value, firstMoment: m, secondMoment: v }, gradient, {
      ...this.#options,
      learningRate: this.learningRate,
      step: this.iterations,
    });
  }

  /** What the constructor takes. */
  override getConfig(): serialization.ConfigDict {
    return { learningRate: this.learningRate, ...this.#options };
  }
}
