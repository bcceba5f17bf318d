/**
 * The residual network for small images.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { streamSeed } from "../core/random.ts";
import type { Architecture, DepthChoice } from "./architecture.ts";
import { standardisation } from "./standardisation.ts";

/** Filters of the three groups; each group after the first halves height and width. */
const GROUPS = [16, 32, 64] as const;

const DEPTHS: DepthChoice = {
  default: 20,
  must: "6n + 2 for an n from 1",
  isValid: (depth) => Number.isInteger(depth) && depth >= 8 && depth % 6 === 2,
};

/**
 * He et al., "Deep Residual Learning for Image Recognition", arXiv 1512.03385, section 4.2: a
 * convolution of 16 filters, then three groups of n residual blocks with 16, 32 and 64 filters, global
 * average pooling, dense over the classes; 6n + 2 layers. A block is two convolutions 3×3 with batch
 * normalisation and ReLU; its shortcut is the identity, or a convolution 1×1 with batch normalisation
 * where the shape changes (option B). Weights begin by He's rule. With 20 layers it has 274,042
 * parameters on 32×32×3, of which 1,568 are moving averages.
 */
export const resnet: Architecture = {
  name: "resnet",
  summary: "Residual network of 20 layers: conv 16, groups of 16, 32, 64 filters, average, dense.",
  cost: 0.18,
  depth: DEPTHS,
  create({ input, classes, seed, statistics, depth = DEPTHS.default }) {
    if (!DEPTHS.isValid(depth)) {
      throw new RangeError(
        `Cannot build a residual network: depth must be ${DEPTHS.must}, got ${depth}`,
      );
    }
    const kernelInitializer = (layer: string) =>
      tf.initializers.heNormal({ seed: streamSeed(seed, `initialize ${layer}`) });
    const images = tf.input({ name: "images", shape: [...input] });
    const standardised = standardisation(input, statistics)
      .reduce((x, layer) => apply(layer, x), images);
    let x = relu("relu1", normalised("conv1", standardised, { filters: GROUPS[0], kernelSize: 3 }));
    GROUPS.forEach((filters, group) => {
      for (let block = 1; block <= (depth - 2) / 6; block++) {
        const strides = group > 0 && block === 1 ? 2 : 1;
        x = residualBlock(`group${group + 1}_block${block}`, x, { filters, strides });
      }
    });
    const { dense, globalAveragePooling2d } = tf.layers;
    const pooled = apply(globalAveragePooling2d({ name: "pool" }), x);
    const output = dense({
      name: "dense",
      units: classes,
      activation: "softmax",
      kernelInitializer: kernelInitializer("dense"),
    });
    return tf.model({ name: "resnet", inputs: images, outputs: apply(output, pooled) });

    function residualBlock(
      name: string,
      x: tf.SymbolicTensor,
      { filters, strides }: { filters: number; strides: number },
    ): tf.SymbolicTensor {
      const first = relu(
        `${name}_relu1`,
        normalised(`${name}_conv1`, x, { filters, strides, kernelSize: 3 }),
      );
      const residual = normalised(`${name}_conv2`, first, { filters, kernelSize: 3 });
      const shortcut = strides === 1
        ? x
        : normalised(`${name}_shortcut`, x, { filters, strides, kernelSize: 1 });
      const sum = tf.layers.add({ name: `${name}_add` }).apply([residual, shortcut]);
      return relu(`${name}_relu2`, sum as tf.SymbolicTensor);
    }

    /** A convolution without bias, which batch normalisation would take away again, and that. */
    function normalised(
      name: string,
      x: tf.SymbolicTensor,
      size: { filters: number; kernelSize: number; strides?: number },
    ): tf.SymbolicTensor {
      const convolution = tf.layers.conv2d({
        ...size,
        name,
        padding: "same",
        useBias: false,
        kernelInitializer: kernelInitializer(name),
      });
      const normalisation = tf.layers.batchNormalization({
        name: `${name}_norm`,
        momentum: 0.9,
        epsilon: 1e-5,
      });
      return apply(normalisation, apply(convolution, x));
    }
  },
};

function relu(name: string, x: tf.SymbolicTensor): tf.SymbolicTensor {
  return apply(tf.layers.activation({ name, activation: "relu" }), x);
}

function apply(layer: tf.layers.Layer, x: tf.SymbolicTensor): tf.SymbolicTensor {
  return layer.apply(x) as tf.SymbolicTensor;
}
