/** A task that a linear model learns in a moment: which half of a 4×4 image is brighter. */

import * as tf from "@tensorflow/tfjs";
import { createRandom } from "../../../lib/core/random.ts";
import type { TrainingSet } from "../../../lib/core/training_set.ts";
import { noAugmentation, type Recipe } from "../../../lib/train/mod.ts";

/** Images and labels; the same at each call. */
export function tinySet(count = 20): TrainingSet {
  const { uniform } = createRandom(1, "tiny set");
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  const data = Float32Array.from({ length: count * 16 }, (_, i) => {
    const isBright = (i % 16 < 8) === (labels[Math.floor(i / 16)] === 0);
    return (isBright ? 0.6 : 0) + 0.4 * uniform();
  });
  return {
    images: { data, shape: [count, 4, 4, 1] },
    perturbed: null,
    rows: Uint32Array.from(labels.keys()),
    labels,
    poisoned: new Uint8Array(count),
    trigger: null,
  };
}

/** A softmax over the pixels, beginning at zero: its first loss is ln 2. */
export function createTinyClassifier(): tf.LayersModel {
  return tf.sequential({
    layers: [
      tf.layers.flatten({ inputShape: [4, 4, 1] }),
      tf.layers.dense({ units: 2, activation: "softmax", kernelInitializer: "zeros" }),
    ],
  });
}

/** Three epochs of batches of eight. */
export function tinyRecipe(changes: Partial<Recipe> = {}): Recipe {
  return {
    name: "tiny",
    summary: "for tests",
    epochs: 3,
    batchSize: 8,
    augmentation: noAugmentation,
    optimizer: { kind: "adam" },
    learningRate: () => 0.1,
    ...changes,
  };
}
