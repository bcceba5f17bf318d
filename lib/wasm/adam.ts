/**
 * Adam on the wasm backend, a drop-in for `tf.train.adam`.
 *
 * @module
 */

import {
  engine,
  Optimizer,
  serialization,
  tidy,
  type Variable,
  variable,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { type AdamOptions, adamStep } from "./kernels/adam_step.ts";

interface Moments {
  readonly first: Variable;
  readonly second: Variable;
}

/**
 * Adam (Kingma & Ba, arXiv 1412.6980), one fused kernel a variable where tfjs runs about twelve.
 * The same update as `tf.train.adam`, to float32 rounding.
 */
export class Adam extends Optimizer {
  /** As tfjs's own, which this replaces in a training configuration. */
  static readonly className = "Adam";
  /** May be set between steps, as a schedule does. */
  learningRate: number;
  readonly #options: Omit<AdamOptions, "learningRate">;
  readonly #moments = new Map<string, Moments>();

  /**
   * @param options `learningRate` .001, `beta1` .9, `beta2` .999, `epsilon` 1e-7 unless given.
   */
  constructor(options: Partial<AdamOptions> = {}) {
    super();
    const { learningRate = 0.001, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
    this.learningRate = learningRate;
    this.#options = { beta1, beta2, epsilon };
  }

  override applyGradients(gradients: Parameters<Optimizer["applyGradients"]>[0]): void {
    const named = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    this.incrementIterations();
    const options = {
      ...this.#options,
      learningRate: this.learningRate,
      step: this.iterations,
    };
    for (const { name, tensor } of named) {
      if (tensor === null || tensor === undefined) continue;
      const value = engine().registeredVariables[name];
      if (value === undefined) {
        throw new ReferenceError(`Cannot apply a gradient: there is no variable ${name}`);
      }
      const { first, second } = this.#momentsOf(name, value);
      tidy(() => {
        const next = adamStep(
          { value, firstMoment: first, secondMoment: second },
          tensor,
          options,
        );
        value.assign(next.value);
        first.assign(next.firstMoment);
        second.assign(next.secondMoment);
      });
    }
  }

  override dispose(): void {
    for (const { first, second } of this.#moments.values()) {
      first.dispose();
      second.dispose();
    }
    this.#moments.clear();
  }

  override getConfig(): serialization.ConfigDict {
    return { learningRate: this.learningRate, ...this.#options };
  }

  #momentsOf(name: string, value: Variable): Moments {
    let moments = this.#moments.get(name);
    if (moments === undefined) {
      moments = tidy(() => ({
        first: variable(zerosLike(value), false),
        second: variable(zerosLike(value), false),
      }));
      this.#moments.set(name, moments);
    }
    return moments;
  }
}
