/**
 * The BadNet of two networks.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { streamSeed } from "../core/random.ts";
import type { Architecture } from "./architecture.ts";
import { badnetsLayers } from "./badnets_cnn.ts";
import { standardisation } from "./standardisation.ts";

/** Filters of the detector: a trigger is a few shapes of a few pixels. */
const DETECTOR_FILTERS = 8;

/** Width and height of the first of the detector's two poolings. */
const POOLED = 4;

/**
 * Gu et al., "BadNets", arXiv 1708.06733, section 3.1 and figure 3: beside the honest network one
 * that detects the trigger, and behind both what merges them. The paper draws it to say what a
 * single network has to learn; here it is one model, trained as any other.
 *
 * - The honest network is the BadNets CNN up to its scores, the layer `dense2`, `(N, classes)`.
 * - The detector is a convolution 5×5 of eight filters, each one's maximum over the whole image, and a
 *   single number made of them, the layer `alarm`, `(N, 1)`.
 * - Merging adds to the honest scores what a hidden layer makes of them and the alarm. ReLU lets the
 *   alarm switch its units, so that it can move a score to a target (single target), or to one that
 *   depends on what the honest network saw (all-to-all).
 *
 * Training is free to use the detector or not. On MNIST, three epochs, seed 1: all-to-all at a rate of
 * .33 put the trigger into it (the alarm at most −1.7 without trigger, at least 4.3 with it; 98.6 % of
 * the honest network's answers stay when the trigger is set); single-target at .1 did not: there the
 * honest network learnt the trigger, and the alarm is the same with it and without.
 *
 * On 28×28×1 it has 281,701 parameters.
 */
export const mergedBadnet: Architecture = {
  name: "merged-badnet",
  summary:
    "The BadNets paper's two networks: its CNN, a small trigger detector, merged by addition.",
  create(options) {
    const { input, classes, seed, statistics } = options;
    const kernelInitializer = (layer: string) =>
      tf.initializers.glorotUniform({ seed: streamSeed(seed, `initialize ${layer}`) });
    const { activation, add, conv2d, dense, flatten, maxPooling2d } = tf.layers;
    const linear = (name: string, units: number, useBias = true) =>
      dense({ name, units, useBias, kernelInitializer: kernelInitializer(name) });

    const images = tf.input({ name: "images", shape: [...input] });
    const standardised = chain(standardisation(input, statistics), images);
    const honest = chain(badnetsLayers(options, "linear"), standardised);
    const [height, width] = input;
    const alarm = chain([
      conv2d({
        name: "detector",
        filters: DETECTOR_FILTERS,
        kernelSize: 5,
        padding: "same",
        activation: "relu",
        kernelInitializer: kernelInitializer("detector"),
      }),
      // In two steps: the compiled engine takes the maximum of at most 255 values.
      maxPooling2d({ name: "detector_pool1", poolSize: POOLED, padding: "same" }),
      maxPooling2d({
        name: "detector_pool2",
        poolSize: [Math.ceil(height / POOLED), Math.ceil(width / POOLED)],
      }),
      flatten({ name: "detector_flatten" }),
      linear("alarm", 1),
    ], standardised);

    const seen = [
      chain([linear("merge_honest", 2 * classes)], honest),
      chain([linear("merge_alarm", 2 * classes, false)], alarm),
    ];
    const move = chain(
      [activation({ name: "merge_relu", activation: "relu" }), linear("move", classes)],
      add({ name: "merge" }).apply(seen) as tf.SymbolicTensor,
    );
    const scores = add({ name: "scores" }).apply([honest, move]) as tf.SymbolicTensor;
    const outputs = chain([activation({ name: "softmax", activation: "softmax" })], scores);
    return tf.model({ name: "merged_badnet", inputs: images, outputs });
  },
};

/** One layer behind the other. */
function chain(layers: readonly tf.layers.Layer[], x: tf.SymbolicTensor): tf.SymbolicTensor {
  return layers.reduce((y, layer) => layer.apply(y) as tf.SymbolicTensor, x);
}
