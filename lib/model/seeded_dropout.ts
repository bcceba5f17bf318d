/**
 * Dropout that draws the same masks again for the same seed.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { streamSeed } from "../core/random.ts";
import { hashDropout } from "../wasm/mod.ts";

/**
 * Sets each value to zero with probability `rate` in training, by a mask of its own for each step,
 * and scales the others by 1 / (1 − rate). tfjs's own layer, given a seed, draws one mask for all
 * steps. It is saved as tfjs's `Dropout`, which is what it is to a reader of the model, so that
 * models load without this module.
 */
export class SeededDropout extends tf.layers.Layer {
  static readonly className = "Dropout";
  readonly #rate: number;
  readonly #seed: number;
  #step = 0;

  /** @param options `rate` from 0 to below 1; `seed` from 0 to 2³² − 1. */
  constructor({ rate, seed, name }: { rate: number; seed: number; name: string }) {
    super({ name });
    this.#rate = rate;
    this.#seed = seed;
    this.supportsMasking = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[], { training = false }): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    if (!training) return x;
    this.#step++;
    return hashDropout(x, { rate: this.#rate, seed: this.maskSeed(this.#step) });
  }

  /** The seed of the mask of a training step, counted from 1. */
  maskSeed(step: number): number {
    return streamSeed(this.#seed, `step ${step}`);
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.#rate };
  }
}
