/**
 * What the optimizers of this module share: one kernel a variable, on a state that is kept beside
 * the variable and updated in place.
 *
 * @module
 */

import {
  dispose,
  engine,
  Optimizer,
  type Tensor,
  tensor,
  tidy,
  type Variable,
  variable,
  zerosLike,
} from "@tensorflow/tfjs-core";

/** As tfjs names the tensors of an optimizer. */
export type NamedTensor = Awaited<ReturnType<Optimizer["getWeights"]>>[number];

/** What is kept beside a variable: tensors of its shape, by name. */
export type OptimizerState<Part extends string> = Readonly<Record<Part, Variable>>;

/** An optimizer that keeps some tensors beside each variable. */
export abstract class FusedOptimizer<Part extends string> extends Optimizer {
  /** By the variable's name. */
  readonly #states = new Map<string, OptimizerState<Part>>();
  readonly #parts: readonly Part[];
  /** May be set between steps, as a schedule does. */
  learningRate: number;

  /** @param parts Names of the tensors, as tfjs puts them behind the variable's. */
  constructor(parts: readonly Part[], learningRate: number) {
    super();
    this.#parts = parts;
    this.learningRate = learningRate;
  }

  /**
   * Takes a step. `iterations` counts from 1.
   *
   * @param state Of the variable, zeros at first; updated.
   * @param gradient Of the loss to the variable.
   * @returns The variable's new value.
   */
  protected abstract step(
    value: Variable,
    state: OptimizerState<Part>,
    gradient: Tensor,
  ): Tensor;

  override applyGradients(gradients: Parameters<Optimizer["applyGradients"]>[0]): void {
    const named = Array.isArray(gradients)
      ? gradients
      : Object.entries(gradients).map(([name, tensor]) => ({ name, tensor }));
    this.incrementIterations();
    for (const { name, tensor } of named) {
      if (tensor === null || tensor === undefined) continue;
      const value = engine().registeredVariables[name];
      if (value === undefined) {
        throw new ReferenceError(`Cannot apply a gradient: there is no variable ${name}`);
      }
      const state = this.#stateOf(name, value);
      tidy(() => {
        Object.values<Variable>(state).forEach(detach);
        value.assign(this.step(value, state, tensor));
      });
    }
  }

  override dispose(): void {
    for (const state of this.#states.values()) dispose(Object.values<Variable>(state));
    this.#states.clear();
  }

  /**
   * The number of steps taken and the state, named as tfjs's own optimizer names them. As there, the
   * state's tensors remain the optimizer's and follow its steps; clones of them keep their values.
   */
  override async getWeights(): Promise<NamedTensor[]> {
    const states = [...this.#states];
    return [
      await this.saveIterations(),
      ...this.#parts.flatMap((part) =>
        states.map(([name, state]) => ({ name: `${name}/${part}`, tensor: state[part] }))
      ),
    ];
  }

  /**
   * Goes on from what `getWeights` gave, this class's or that of tfjs's own optimizer.
   *
   * @param weights Copied: the tensors remain the caller's.
   * @throws {RangeError} If a variable's state is incomplete.
   */
  override async setWeights(weights: NamedTensor[]): Promise<void> {
    const tensors = new Map(
      (await this.extractIterations(weights)).map(({ name, tensor }) => [name, tensor]),
    );
    const leading = `/${this.#parts[0]}`;
    const restored: [string, OptimizerState<Part>][] = [];
    for (const key of tensors.keys()) {
      if (!key.endsWith(leading)) continue;
      const name = key.slice(0, -leading.length);
      const values = await Promise.all(this.#parts.map((part) => {
        const tensor = tensors.get(`${name}/${part}`);
        if (tensor !== undefined) return tensor.data();
        throw new RangeError(
          `Cannot set an optimizer's weights: they must hold ${name}/${part} beside ${key}, ` +
            "got none",
        );
      }));
      const { shape } = tensors.get(key)!;
      // Values of its own: those of a clone would change with the state.
      restored.push([name, this.#createState((i) => tensor(values[i]!, shape, "float32"))]);
    }
    this.dispose();
    for (const [name, state] of restored) this.#states.set(name, state);
  }

  #stateOf(name: string, value: Variable): OptimizerState<Part> {
    let state = this.#states.get(name);
    if (state === undefined) {
      state = this.#createState(() => zerosLike(value));
      this.#states.set(name, state);
    }
    return state;
  }

  #createState(createPart: (index: number) => Tensor): OptimizerState<Part> {
    return tidy(() =>
      Object.fromEntries(
        this.#parts.map((part, i) => [part, variable(createPart(i), false)]),
      ) as OptimizerState<Part>
    );
  }
}

/** Lets go of clones that share a variable's values, which are about to be written over. */
function detach(part: Variable): void {
  if (engine().backend.refCount(part.dataId) > 1) {
    part.assign(tensor(part.dataSync(), part.shape, "float32"));
  }
}
