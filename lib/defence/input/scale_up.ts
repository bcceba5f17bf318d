/**
 * SCALE-UP (Guo et al., "SCALE-UP: An Efficient Black-box Input-level Backdoor Detection via Analyzing
 * Scaled Prediction Consistency", ICLR 2023): an image with a trigger is classified alike, however
 * much its values are multiplied.
 *
 * @module
 */

import { predictedLabels } from "../../core/predicted_labels.ts";
import { defineInputDefence } from "./define_input_defence.ts";

/** What values are multiplied by, section 4.2. */
const FACTORS = [3, 5, 7, 9, 11] as const;

/**
 * The share of the factors under which the answer stays (scaled prediction consistency), without clean
 * images. It is listed as a null model: multiplying changes nothing of a trigger that is white or
 * black, and a bright digit on black ground stays the digit that it is.
 */
export const scaleUp = defineInputDefence({
  name: "scale-up",
  title: "SCALE-UP",
  summary: "Multiplies an image's values: a trigger that is not white keeps the answer as it is.",
  needs: [],
  isNullModel: true,
  forwards: 1 + FACTORS.length,
  goesByAnswer: true,
  calibrationForwards: () => 0,
  calibrate: () => Promise.resolve({}),
  async score(model, { data, shape }, _profile, answers) {
    const labels = predictedLabels(answers, model.classes);
    const scores = new Float32Array(labels.length);
    for (const factor of FACTORS) {
      const scaled = data.map((value) => Math.min(1, value * factor));
      const again = predictedLabels(await model.classify({ data: scaled, shape }), model.classes);
      again.forEach((label, row) => {
        if (label === labels[row]) scores[row]! += 1 / FACTORS.length;
      });
    }
    return scores;
  },
});
