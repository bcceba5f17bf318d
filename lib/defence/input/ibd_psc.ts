/**
 * IBD-PSC (Hou et al., "IBD-PSC: Input-level Backdoor Detection via Parameter-oriented Scaling
 * Consistency", ICML 2024): an image with a trigger is classified alike by a model whose normalisation
 * layers are amplified, which mistakes others.
 *
 * @module
 */

import { predictedLabels } from "../../core/predicted_labels.ts";
import type { ImageBatch } from "../../core/types.ts";
import { defineInputDefence } from "./define_input_defence.ts";
import type { MeteredModel } from "./metered_model.ts";
import { numberOf } from "./profile.ts";

/** By what layers are amplified: the paper's factor, and larger ones for models that it leaves as they are. */
const FACTORS = [1.5, 2, 3, 4, 5] as const;

/** Amplified models that an image is asked of. */
const MODELS = 5;

/** The share of clean images that the first of them classifies otherwise. */
const ERROR = 0.6;

/**
 * The mean probability that five amplified models give the class that the model names. The profile is how
 * many layers the first of them amplifies, the next one more, and by which factor: the least of both by
 * which clean images are classified otherwise than before (the paper: otherwise than labelled).
 *
 * Without normalisation layers it cannot tell images apart: ReLU is homogeneous, and a factor on kernels and
 * biases comes out as one on the logits.
 */
export const ibdPsc = defineInputDefence({
  name: "ibd-psc",
  title: "IBD-PSC",
  summary: "Amplifies the last normalisation layers: a trigger keeps the answer as it is.",
  needs: ["scaling"],
  isNullModel: false,
  forwards: 1 + MODELS,
  goesByAnswer: true,
  calibrationForwards: (images, { scaling }) =>
    images * (1 + FACTORS.length * firstCounts(scaling?.layers ?? 0).length),
  async calibrate(model, clean) {
    const counts = firstCounts(model.scaledLayers);
    if (counts.length === 0) {
      throw new RangeError(
        `Cannot calibrate IBD-PSC: there must be at least ${MODELS} layers to amplify, got ` +
          `${model.scaledLayers}; take another defence`,
      );
    }
    const labels = predictedLabels(await model.classify(clean), model.classes);
    for (const factor of FACTORS) {
      for (const layers of counts) {
        const amplified = await namedBy(model, { clean, layers, factor });
        const moved = amplified.filter((label, row) => label !== labels[row]).length;
        if (moved > ERROR * labels.length) return { numbers: { layers, factor } };
      }
    }
    throw new RangeError(
      `Cannot calibrate IBD-PSC: amplified up to ${
        FACTORS.at(-1)
      }-fold, the model must classify more ` +
        `than ${ERROR * 100} % of clean images otherwise, got fewer; take another defence`,
    );
  },
  async score(model, images, profile, answers) {
    const [layers, factor] = [numberOf(profile, "layers"), numberOf(profile, "factor")];
    const labels = predictedLabels(answers, model.classes);
    const scores = new Float32Array(labels.length);
    for (let more = 0; more < MODELS; more++) {
      const amplified = await model.scaled(layers + more, factor);
      const probabilities = await amplified.classify(images);
      labels.forEach((label, row) =>
        scores[row]! += probabilities[row * model.classes + label]! / MODELS
      );
    }
    return scores;
  },
});

/** How many layers the first of the amplified models may amplify. */
function firstCounts(layers: number): readonly number[] {
  return Array.from({ length: Math.max(0, layers - MODELS + 1) }, (_, i) => i + 1);
}

/** What an amplified model takes images for. */
async function namedBy(
  model: MeteredModel,
  { clean, layers, factor }: {
    readonly clean: ImageBatch;
    readonly layers: number;
    readonly factor: number;
  },
): Promise<Uint8Array> {
  const amplified = await model.scaled(layers, factor);
  return predictedLabels(await amplified.classify(clean), model.classes);
}
