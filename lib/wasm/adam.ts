/**
 * Adam on the wasm backend, a drop-in for `tf.train.adam`.
 *
 * @module
 */

import {
  engine,
  Optimizer,
  type serialization,
  type Tensor,
  tidy,
  type Variable,
  variable,
  zerosLike,
} from "@tensorflow/tfjs-core";
import { type AdamOptions, adamStep } from "./kernels/adam_step.ts";

type NamedTensor = Awaited<ReturnType<Optimizer["getWeights"]>>[number];

interface Moments {
  readonly first: Variable;
  readonly second: Variable;
}

/**
 * Adam (Kingma & Ba, arXiv 1412.6980), one fused kernel a variable where tfjs runs about twelve.
 * The same update as `tf.train.adam`, which works out 1 − β₂ᵗ in float32 and is off by a
 * hundred-thousandth of a step at first.
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

  /** The number of steps taken and the moments, named as `tf.train.adam` names them. */
  override async getWeights(): Promise<NamedTensor[]> {
    const moments = [...this.#moments];
    return [
      await this.saveIterations(),
      ...moments.map(([name, { first }]) => ({ name: `${name}/m`, tensor: first })),
      ...moments.map(([name, { second }]) => ({ name: `${name}/v`, tensor: second })),
    ];
  }

  /**
   * Goes on from what `getWeights` gave, this class's or that of `tf.train.adam`.
   *
   * @param weights Copied: the tensors remain the caller's.
   * @throws {RangeError} If a first moment is without its second.
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const tensors = new Map(
      (await this.extractIterations(weights)).map(({ name, tensor }) => [name, tensor]),
    );
    const restored: [string, Moments][] = [];
    for (const [key, first] of tensors) {
      if (!key.endsWith("/m")) continue;
      const name = key.slice(0, -2);
      const second = tensors.get(`${name}/v`);
      if (second === undefined) {
        throw new RangeError(
          `Cannot set Adam's weights: they must hold ${name}/v beside ${key}, got none`,
        );
      }
      restored.push([name, momentsFrom(() => [first.clone(), second.clone()])]);
    }
    this.dispose();
    for (const [name, moments] of restored) this.#moments.set(name, moments);
  }

  override getConfig(): serialization.ConfigDict {
    return { learningRate: this.learningRate, ...this.#options };
  }

  #momentsOf(name: string, value: Variable): Moments {
    let moments = this.#moments.get(name);
    if (moments === undefined) {
      moments = momentsFrom(() => [zerosLike(value), zerosLike(value)]);
      this.#moments.set(name, moments);
    }
    return moments;
  }
}

function momentsFrom(tensors: () => [first: Tensor, second: Tensor]): Moments {
  return tidy(() => {
    const [first, second] = tensors();
    return { first: variable(first, false), second: variable(second, false) };
  });
}
