/**
 * The MNIST network of the BadNets paper.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { streamSeed } from "../core/random.ts";
import type { Architecture, ArchitectureOptions } from "./architecture.ts";
import { standardisation } from "./standardisation.ts";

/**
 * Gu et al., "BadNets", arXiv 1708.06733, table 1: two convolutions 5×5 of 16 and 32 filters, each
 * with average pooling by 2, dense 512, dense over the classes; ReLU throughout. On 28×28×1 it has
 * 281,034 parameters.
 */
export const badnetsCnn: Architecture = {
  name: "badnets",
  summary:
    "The BadNets paper's CNN: conv 16, average pool, conv 32, average pool, dense 512, dense.",
  cost: 0.07,
  create(options) {
    const layers = [
      ...standardisation(options.input, options.statistics),
      ...badnetsLayers(options, "softmax"),
    ];
    return tf.sequential({ name: "badnets", layers });
  },
};

/**
 * The layers of the paper's network, without standardisation.
 *
 * @param options Of the network.
 * @param output What the last layer gives: `"softmax"` probabilities, `"linear"` scores.
 */
export function badnetsLayers(
  { input, classes, seed }: ArchitectureOptions,
  output: "softmax" | "linear",
): tf.layers.Layer[] {
  const initializer = (layer: string) =>
    tf.initializers.glorotUniform({ seed: streamSeed(seed, `initialize ${layer}`) });
  const { averagePooling2d, conv2d, dense, flatten } = tf.layers;
  return [
    conv2d({
      name: "conv1",
      inputShape: [...input],
      filters: 16,
      kernelSize: 5,
      activation: "relu",
      kernelInitializer: initializer("conv1"),
    }),
    averagePooling2d({ name: "pool1", poolSize: 2 }),
    conv2d({
      name: "conv2",
      filters: 32,
      kernelSize: 5,
      activation: "relu",
      kernelInitializer: initializer("conv2"),
    }),
    averagePooling2d({ name: "pool2", poolSize: 2 }),
    flatten({ name: "flatten" }),
    dense({
      name: "dense1",
      units: 512,
      activation: "relu",
      kernelInitializer: initializer("dense1"),
    }),
    dense({
      name: "dense2",
      units: classes,
      activation: output,
      kernelInitializer: initializer("dense2"),
    }),
  ];
}
