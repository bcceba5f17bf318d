/**
 * What every network is before it is built.
 *
 * @module
 */

import type * as tf from "../core/tfjs.ts";
import type { ImageShape } from "../core/types.ts";

/** What a network is built for. */
export interface ArchitectureOptions {
  /** Shape of one image. */
  readonly input: ImageShape;
  /** Number of classes. */
  readonly classes: number;
  /** Initial weights and dropout masks are drawn from it. */
  readonly seed: number;
}

/** A network that can be built. */
export interface Architecture {
  /** The name by which it is chosen, for example `"article"`. */
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  /**
   * Builds it with fresh weights: images `(N, H, W, C)` with values in 0–1 in, probabilities
   * `(N, classes)` out. Not compiled.
   */
  readonly create: (options: ArchitectureOptions) => tf.LayersModel;
}
