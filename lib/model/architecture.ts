/**
 * What every network is before it is built.
 *
 * @module
 */

import type * as tf from "../core/tfjs.ts";
import type { ChannelStatistics, ImageShape } from "../core/types.ts";

/** What a network is built for. */
export interface ArchitectureOptions {
  /** Shape of one image. */
  readonly input: ImageShape;
  /** Number of classes. */
  readonly classes: number;
  /** Initial weights and dropout masks are drawn from it. */
  readonly seed: number;
  /**
   * Layers with weights from input to output, where the network leaves them open: 6n + 2 for
   * `resnet`, 20 unless given. The other networks have one depth, whatever stands here.
   */
  readonly depth?: number;
  /** The training set's: the network then begins by standardising its images. */
  readonly statistics?: ChannelStatistics;
}

/** Which depths a network can have. */
export interface DepthChoice {
  /** Unless another is asked for. */
  readonly default: number;
  /** What a depth must be, in words: `"6n + 2 for an n from 1"`. */
  readonly must: string;
  readonly isValid: (depth: number) => boolean;
}

/** A network that can be built. */
export interface Architecture {
  /** The name by which it is chosen, for example `"article"`. */
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  /** Left out if it has one depth. */
  readonly depth?: DepthChoice;
  /**
   * Seconds that one core takes to train on a thousand images, about, for each layer of depth if the
   * network has a choice: progress displays need it. 1 if left out.
   */
  readonly cost?: number;
  /**
   * Builds it with fresh weights: images `(N, H, W, C)` with values in 0–1 in, probabilities
   * `(N, classes)` out. Not compiled.
   *
   * @throws {RangeError} If the network cannot have that depth, or the statistics are not as many as
   * channels.
   */
  readonly create: (options: ArchitectureOptions) => tf.LayersModel;
}
