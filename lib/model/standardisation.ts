/**
 * Standardisation of images as the first layer of a network.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import type { ChannelStatistics, ImageShape } from "../core/types.ts";

/**
 * y = (x − mean) / √variance, channel by channel. As a part of the model it is saved with it, and
 * attacks and triggers live in 0–1 whatever the network is trained on. Mean and variance are weights
 * that are not trained, so that they stand beside the others. Whoever loads models imports this
 * module, which makes the layer known to tfjs.
 */
export class Standardisation extends tf.layers.Layer {
  static readonly className = "Standardisation";
  readonly #statistics: ChannelStatistics | undefined;
  #mean!: tf.LayerVariable;
  #variance!: tf.LayerVariable;

  /**
   * @param config A layer's, and `statistics`; a model that is loaded gets them with its weights.
   */
  constructor({ statistics, ...config }: StandardisationConfig = {}) {
    super({ ...config, trainable: false });
    this.#statistics = statistics;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = Number((inputShape as tf.Shape).at(-1));
    const { zeros, ones } = tf.initializers;
    this.#mean = this.addWeight("mean", [channels], "float32", zeros(), undefined, false);
    this.#variance = this.addWeight("variance", [channels], "float32", ones(), undefined, false);
    if (this.#statistics !== undefined) {
      const { mean, deviation } = this.#statistics;
      tf.tidy(() => {
        this.#mean.write(tf.tensor1d([...mean]));
        this.#variance.write(tf.square(tf.tensor1d([...deviation])));
      });
    }
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.tidy(() => tf.div(tf.sub(x, this.#mean.read()), tf.sqrt(this.#variance.read())));
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return inputShape;
  }
}

interface StandardisationConfig {
  readonly name?: string;
  readonly inputShape?: number[];
  readonly statistics?: ChannelStatistics;
}

tf.serialization.registerClass(Standardisation);

/**
 * The layers that a network begins with: one that standardises, or none.
 *
 * @param input Shape of the network's images.
 * @param statistics Of its training set; left out for a network that takes images as they are.
 * @throws {RangeError} If there are not as many of them as channels, or a deviation is not above 0.
 */
export function standardisation(
  input: ImageShape,
  statistics?: ChannelStatistics,
): tf.layers.Layer[] {
  if (statistics === undefined) return [];
  const { mean, deviation } = statistics;
  const channels = input[2];
  if (mean.length !== channels || deviation.length !== channels || !deviation.every((d) => d > 0)) {
    throw new RangeError(
      `Cannot standardise images: there must be a mean and a deviation above 0 for each of ` +
        `${channels} channels, got means ${mean} and deviations ${deviation}`,
    );
  }
  return [new Standardisation({ name: "standardise", inputShape: [...input], statistics })];
}
