/**
 * The search for the smallest stamp that leads a model to a class: Neural Cleanse's optimisation.
 *
 * @module
 */

import type { Random } from "../../core/random.ts";
import { createAdam } from "./adam.ts";
import { stampInto } from "./reversed_trigger.ts";

/** Of Adam; the authors' .1 takes several times as many steps. */
const LEARNING_RATE = 0.2;
/** Share of a batch that has to reach the class. */
const SUCCESS = 0.98;
/** What the mask's norm is multiplied by in the loss, at first. */
const COST = 1e-3;
const RISE = 1.5;
const FALL = RISE ** 1.5;
/** Steps in a row above, or below, `SUCCESS`, before the cost changes. */
const PATIENCE = 5;

/** A stamp. */
export interface Stamp {
  /** `(H, W)`, 0–1. */
  readonly mask: Float32Array;
  /** `(H, W, C)`, values in 0–1. */
  readonly pattern: Float32Array;
}

/** The search for one class. Mask and pattern are σ(θ) = tanh(θ)/2 + ½ of what Adam moves. */
export class Inversion {
  readonly #mask: Squashed;
  readonly #pattern: Squashed;
  #cost = COST;
  #above = 0;
  #below = 0;
  #best: (Stamp & { readonly norm: number }) | null = null;

  /**
   * @param pixels H·W.
   * @param channels Of the images.
   * @param random Of mask and pattern, uniform in 0–1 at first, as the authors begin.
   */
  constructor(pixels: number, channels: number, random: Random) {
    this.#mask = new Squashed(pixels, random);
    this.#pattern = new Squashed(pixels * channels, random);
  }

  /** The stamp as it is now. */
  get stamp(): Stamp {
    return { mask: this.#mask.values, pattern: this.#pattern.values };
  }

  /** The one with the smallest mask of all that led a whole batch to the class; `null` for none. */
  get best(): Stamp | null {
    return this.#best;
  }

  /** Sum of the best mask, in pixels; without one, that of a mask that covers everything. */
  get norm(): number {
    return this.#best?.norm ?? this.#mask.values.length;
  }

  /** What the norm is multiplied by in the loss. */
  get cost(): number {
    return this.#cost;
  }

  /** Writes stamped images, `(B, H, W, C)`, over `stamped`. */
  stampInto(stamped: Float32Array, images: Float32Array): void {
    stampInto(stamped, images, this.stamp);
  }

  /**
   * Takes a step down the loss: the mean cross-entropy with the class, plus cost times norm.
   *
   * @param images Before the stamp, `(B, H, W, C)`.
   * @param gradient That of each stamped image's cross-entropy to its pixels, `(B, H, W, C)`.
   * @param success Share of the stamped images that the model takes for the class.
   */
  step(images: Float32Array, gradient: Float32Array, success: number): void {
    this.#keep(success);
    const [mask, pattern] = [this.#mask, this.#pattern];
    const size = pattern.values.length;
    const channels = size / mask.values.length;
    const share = size / images.length;
    // Masks are not negative: their norm falls with each value alike.
    mask.gradient.fill(this.#cost);
    pattern.gradient.fill(0);
    for (let first = 0; first < images.length; first += size) {
      for (let pixel = 0, i = 0; pixel < mask.values.length; pixel++) {
        const weight = mask.values[pixel]! * share;
        let ofMask = 0;
        for (let channel = 0; channel < channels; channel++, i++) {
          const slope = gradient[first + i]!;
          ofMask += slope * (pattern.values[i]! - images[first + i]!);
          pattern.gradient[i]! += slope * weight;
        }
        mask.gradient[pixel]! += ofMask * share;
      }
    }
    mask.step();
    pattern.step();
    this.#adaptCost(success);
  }

  #keep(success: number): void {
    if (success < SUCCESS) return;
    const norm = this.#mask.values.reduce((sum, value) => sum + value, 0);
    if (norm >= this.norm) return;
    this.#best = { mask: this.#mask.values.slice(), pattern: this.#pattern.values.slice(), norm };
  }

  #adaptCost(success: number): void {
    this.#above = success >= SUCCESS ? this.#above + 1 : 0;
    this.#below = success >= SUCCESS ? 0 : this.#below + 1;
    if (this.#above === PATIENCE) {
      this.#cost *= RISE;
      this.#above = 0;
    } else if (this.#below === PATIENCE) {
      this.#cost /= FALL;
      this.#below = 0;
    }
  }
}

/** Numbers in 0–1 that Adam moves by what lies behind them. */
class Squashed {
  readonly values: Float32Array;
  /** To the values; turned into that of what lies behind by `step`. */
  readonly gradient: Float64Array;
  readonly #behind: Float64Array;
  readonly #update: (gradient: Float64Array) => void;

  constructor(size: number, random: Random) {
    this.#behind = Float64Array.from(
      { length: size },
      // Not the ends, which lie at infinity.
      () => Math.atanh(2 * (random.uniform() + 2 ** -33) - 1),
    );
    this.values = Float32Array.from(this.#behind, squash);
    this.gradient = new Float64Array(size);
    this.#update = createAdam(this.#behind, LEARNING_RATE);
  }

  step(): void {
    const { gradient, values } = this;
    for (let i = 0; i < values.length; i++) gradient[i]! *= 2 * values[i]! * (1 - values[i]!);
    this.#update(gradient);
    for (let i = 0; i < values.length; i++) values[i] = squash(this.#behind[i]!);
  }
}

function squash(value: number): number {
  return Math.tanh(value) / 2 + 0.5;
}
