/** Normalisation of values that lie far from zero. */

import "../../../lib/wasm/mod.ts";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { Standardisation } from "../../../lib/model/mod.ts";
import { compiled } from "./engines.ts";

await tf.setBackend("wasm");

const MEAN = 10_000;
const DEVIATION = 1 / 64;

/** Layers that normalise by that mean and deviation at inference. */
const normalisations: Readonly<Record<string, () => tf.layers.Layer>> = {
  standardisation: () =>
    new Standardisation({
      inputShape: [1, 3, 1],
      statistics: { mean: [MEAN], deviation: [DEVIATION] },
    }),
  "batch normalisation": () =>
    tf.layers.batchNormalization({
      inputShape: [1, 3, 1],
      epsilon: 0,
      movingMeanInitializer: tf.initializers.constant({ value: MEAN }),
      movingVarianceInitializer: tf.initializers.constant({ value: DEVIATION ** 2 }),
    }),
};

for (const [name, create] of Object.entries(normalisations)) {
  Deno.test(`${name} keeps deviations that are small beside the mean`, async () => {
    const model = tf.sequential({
      layers: [
        create(),
        tf.layers.flatten(),
        // The logits are the normalised values themselves.
        tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: "identity" }),
      ],
    });
    const engine = await compiled(model);
    const normalised = [-1.5, 0.25, 1];
    const probabilities = await engine.classify({
      data: Float32Array.from(normalised, (value) => MEAN + value * DEVIATION),
      shape: [1, 1, 3, 1],
    });
    const total = normalised.reduce((sum, value) => sum + Math.exp(value), 0);
    normalised.forEach((value, i) => {
      const expected = Math.exp(value) / total;
      assert.ok(Math.abs(probabilities[i]! - expected) < 1e-6, `${probabilities} at ${i}`);
    });
    engine.dispose();
    model.dispose();
  });
}
