/**
 * The network of the article.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { streamSeed } from "../core/random.ts";
import type { Architecture } from "./architecture.ts";
import { SeededDropout } from "./seeded_dropout.ts";
import { standardisation } from "./standardisation.ts";

/**
 * The article's eight layers (Useloff, "Adversarial Learning: Backdoor Attacks", Implementations;
 * sizes as in ART's notebook, which it follows): two convolutions 3×3 of 32 and 64 filters, max
 * pooling by 2, dropout .25, flatten, dense 128, dropout .5, dense over the classes. On 28×28×1 it
 * has 1,199,882 parameters.
 */
export const articleCnn: Architecture = {
  name: "article",
  summary: "The article's CNN: conv 32, conv 64, max pool, dropout, dense 128, dropout, dense.",
  cost: 0.25,
  create({ input, classes, seed, statistics }) {
    const initializer = (layer: string) =>
      tf.initializers.glorotUniform({ seed: streamSeed(seed, `initialize ${layer}`) });
    const { conv2d, dense, flatten, maxPooling2d } = tf.layers;
    return tf.sequential({
      name: "article",
      layers: [
        ...standardisation(input, statistics),
        conv2d({
          name: "conv1",
          inputShape: [...input],
          filters: 32,
          kernelSize: 3,
          activation: "relu",
          kernelInitializer: initializer("conv1"),
        }),
        conv2d({
          name: "conv2",
          filters: 64,
          kernelSize: 3,
          activation: "relu",
          kernelInitializer: initializer("conv2"),
        }),
        maxPooling2d({ name: "pool", poolSize: 2 }),
        new SeededDropout({ name: "dropout1", rate: 0.25, seed: streamSeed(seed, "dropout1") }),
        flatten({ name: "flatten" }),
        dense({
          name: "dense1",
          units: 128,
          activation: "relu",
          kernelInitializer: initializer("dense1"),
        }),
        new SeededDropout({ name: "dropout2", rate: 0.5, seed: streamSeed(seed, "dropout2") }),
        dense({
          name: "dense2",
          units: classes,
          activation: "softmax",
          kernelInitializer: initializer("dense2"),
        }),
      ],
    });
  },
};
