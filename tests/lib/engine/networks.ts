/** Networks for the engine's tests: the project's own, and small ones with what else it knows. */

import * as tf from "@tensorflow/tfjs";
import type { ChannelStatistics, ImageShape } from "../../../lib/core/types.ts";
import { createModel, SeededDropout, Standardisation } from "../../../lib/model/mod.ts";

/** A network to build, always with the same weights. */
export interface TestNetwork {
  readonly name: string;
  readonly input: ImageShape;
  readonly create: () => tf.LayersModel;
  /** What rounding alone makes of its gradients, relative; 1e-5 unless given. */
  readonly rounding?: number;
  /** Adam's rate at which it learns a little in 20 steps, and rounding errors do not grow; .001 unless given. */
  readonly rate?: number;
}

const { layers } = tf;

function seeded(seed: number) {
  return tf.initializers.glorotUniform({ seed });
}

function head(classes = 5) {
  return layers.dense({ units: classes, activation: "softmax", kernelInitializer: seeded(9) });
}

function own(
  name: string,
  input: ImageShape,
  { depth, statistics, ...limits }: {
    depth?: number;
    statistics?: ChannelStatistics;
    rounding?: number;
    rate?: number;
  } = {},
): TestNetwork {
  return {
    name: `${name} on ${input}`,
    input,
    create: () => createModel(name, { input, classes: 10, seed: 1, depth, statistics }),
    ...limits,
  };
}

function apply(layer: tf.layers.Layer, ...x: tf.SymbolicTensor[]): tf.SymbolicTensor {
  return layer.apply(x.length === 1 ? x[0]! : x) as tf.SymbolicTensor;
}

/** Of random images, nearly. */
const statistics = { mean: [0.5, 0.49, 0.45], deviation: [0.29, 0.25, 0.26] };

/**
 * The project's networks. Each batch normalisation of a residual network divides by a deviation, and
 * rounding errors with it; over some twenty layers they grow a hundredfold, and now and then one of
 * them carries a value past ReLU's kink.
 */
export const ownNetworks: readonly TestNetwork[] = [
  own("article", [28, 28, 1]),
  own("article", [32, 32, 3], { statistics }),
  own("badnets", [28, 28, 1]),
  own("merged-badnet", [28, 28, 1]),
  own("resnet", [16, 16, 3], { depth: 8, statistics, rounding: 3e-5, rate: 1e-5 }),
];

/** Odd sizes, and every layer in a place where none of the project's networks has it. */
export const oddNetworks: readonly TestNetwork[] = [
  {
    name: "strides and padding",
    input: [11, 9, 3],
    create: () =>
      tf.sequential({
        layers: [
          layers.conv2d({
            inputShape: [11, 9, 3],
            filters: 5,
            kernelSize: [3, 2],
            strides: 2,
            padding: "same",
            kernelInitializer: seeded(1),
          }),
          layers.activation({ activation: "relu" }),
          layers.conv2d({
            filters: 7,
            kernelSize: 2,
            activation: "relu",
            useBias: false,
            kernelInitializer: seeded(2),
          }),
          layers.flatten(),
          head(),
        ],
      }),
  },
  {
    name: "overlapping and padded pooling",
    input: [10, 10, 2],
    create: () =>
      tf.sequential({
        layers: [
          layers.conv2d({
            inputShape: [10, 10, 2],
            filters: 6,
            kernelSize: 3,
            padding: "same",
            activation: "relu",
            kernelInitializer: seeded(1),
          }),
          layers.maxPooling2d({ poolSize: 3, strides: 2, padding: "same" }),
          layers.conv2d({ filters: 6, kernelSize: 1, kernelInitializer: seeded(2) }),
          layers.averagePooling2d({ poolSize: 2, strides: 1, padding: "same" }),
          layers.maxPooling2d({ poolSize: [2, 1] }),
          new SeededDropout({ name: "dropout", rate: 0.3, seed: 7 }),
          layers.flatten(),
          layers.dense({ units: 11, kernelInitializer: seeded(3), useBias: false }),
          head(),
        ],
      }),
  },
  {
    name: "standardisation between layers",
    input: [7, 6, 2],
    create() {
      const input = tf.input({ shape: [7, 6, 2] });
      const conv = layers.conv2d({ filters: 3, kernelSize: 2, kernelInitializer: seeded(1) });
      const first = apply(conv, input);
      const middle = apply(new Standardisation({ statistics }), first);
      const relu = apply(layers.reLU(), middle);
      // Read twice, so that what goes back to it is added up.
      const other = apply(new Standardisation({ statistics }), first);
      const flat = apply(layers.flatten(), apply(layers.add(), relu, other));
      return tf.model({ inputs: input, outputs: apply(head(), flat) });
    },
  },
  {
    name: "dropout everywhere",
    input: [7, 7, 1],
    create: () =>
      tf.sequential({
        layers: [
          layers.conv2d({
            inputShape: [7, 7, 1],
            filters: 4,
            kernelSize: 3,
            activation: "relu",
            kernelInitializer: seeded(1),
          }),
          new SeededDropout({ name: "dropout1", rate: 0.25, seed: 1 }),
          layers.conv2d({ filters: 8, kernelSize: 3, kernelInitializer: seeded(2) }),
          new SeededDropout({ name: "dropout2", rate: 0.1, seed: 2 }),
          layers.maxPooling2d({ poolSize: 2 }),
          layers.flatten(),
          layers.dense({ units: 20, activation: "relu", kernelInitializer: seeded(3) }),
          new SeededDropout({ name: "dropout3", rate: 0.6, seed: 3 }),
          layers.dense({ units: 6, kernelInitializer: seeded(4) }),
          new SeededDropout({ name: "dropout4", rate: 0.5, seed: 4 }),
          head(3),
        ],
      }),
  },
  {
    name: "branches",
    input: [8, 8, 3],
    create() {
      const input = tf.input({ shape: [8, 8, 3] });
      const conv = (seed: number) =>
        layers.conv2d({
          filters: 5,
          kernelSize: 3,
          padding: "same",
          kernelInitializer: seeded(seed),
        });
      // What is read by each kind of layer twice, so that gradients meet in every way.
      const source = apply(layers.reLU(), apply(conv(1), input));
      const pooled = [
        apply(layers.maxPooling2d({ poolSize: 2 }), source),
        apply(layers.averagePooling2d({ poolSize: 2 }), source),
        apply(layers.maxPooling2d({ poolSize: 2 }), apply(conv(2), source)),
        apply(layers.maxPooling2d({ poolSize: 2 }), apply(conv(3), source)),
        apply(layers.averagePooling2d({ poolSize: 2 }), apply(conv(4), source)),
        apply(
          layers.averagePooling2d({ poolSize: 2 }),
          apply(layers.batchNormalization(), source),
        ),
      ];
      const once = pooled.reduce((a, b) => apply(layers.add(), a, b));
      const sum = apply(layers.add(), once, pooled.at(-1)!);
      const flat = apply(layers.flatten(), apply(layers.averagePooling2d({ poolSize: 2 }), sum));
      const units = [5, 6].map((seed) =>
        apply(layers.dense({ units: 9, kernelInitializer: seeded(seed) }), flat)
      );
      return tf.model({ inputs: input, outputs: apply(head(), apply(layers.add(), ...units)) });
    },
  },
  {
    name: "additions",
    input: [6, 6, 4],
    create() {
      const input = tf.input({ shape: [6, 6, 4] });
      const conv = (seed: number) =>
        layers.conv2d({
          filters: 4,
          kernelSize: 3,
          padding: "same",
          kernelInitializer: seeded(seed),
        });
      const first = apply(conv(1), input);
      const norm = apply(layers.batchNormalization({ momentum: 0.8, epsilon: 0.01 }), first);
      const relu = apply(layers.reLU(), norm);
      // One that joins batch normalisation, and one that does not; both ends are read twice.
      const joined = apply(
        layers.add(),
        apply(layers.batchNormalization(), apply(conv(2), relu)),
        relu,
      );
      const plain = apply(layers.add(), apply(conv(3), joined), joined);
      const last = apply(layers.reLU(), plain);
      const pooled = apply(layers.globalAveragePooling2d({}), last);
      return tf.model({ inputs: input, outputs: apply(head(), pooled) });
    },
  },
];
