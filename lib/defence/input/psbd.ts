/**
 * PSBD (Li et al., "PSBD: Prediction Shift Uncertainty Unlocks Backdoor Detection", CVPR 2025): while
 * dropout is at work, an image with a trigger is still classified alike.
 *
 * @module
 */

import { predictedLabels } from "../../core/predicted_labels.ts";
import { streamSeed } from "../../core/random.ts";
import { defineInputDefence } from "./define_input_defence.ts";
import { numberOf } from "./profile.ts";

/** Shares of values that are dropped, among which one is chosen; the highest first. */
const RATES = [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1] as const;

/** Passes by which a rate is judged, as in the paper. */
const TRIALS = 3;

/** Passes of a score. */
const PASSES = 8;

/** The share of clean answers that may shift: above it, little is left of the network. */
const SHIFT = 1 / 3;

/**
 * The mean, over eight passes with dropout, of the log odds between the class that the model names without
 * dropout and the likeliest other one. The rate is the highest at which at most a third of the answers to
 * clean images shift.
 *
 * The paper has the fall of the class's probability, and a rate at which four fifths of the clean answers
 * shift; networks with dropout in training, and small ones, fall apart before that, and probabilities
 * next to 1 do not tell images apart.
 */
export const psbd = defineInputDefence({
  name: "psbd",
  title: "PSBD",
  summary: "Drops parts of the network at random: a trigger keeps the answer as it is.",
  needs: ["dropout"],
  isNullModel: false,
  forwards: 1 + PASSES,
  goesByAnswer: true,
  calibrationForwards: (images) => images * (1 + TRIALS * RATES.length),
  async calibrate(model, clean, { seed }) {
    const labels = predictedLabels(await model.classify(clean), model.classes);
    for (const rate of RATES) {
      let shifted = 0;
      for (let trial = 0; trial < TRIALS; trial++) {
        const options = { rate, seed: streamSeed(seed, `trial ${trial}`) };
        const answers = await model.classifyWithDropout(clean, options);
        const named = predictedLabels(answers, model.classes);
        shifted += named.filter((label, row) => label !== labels[row]).length;
      }
      if (shifted <= SHIFT * TRIALS * labels.length) return { numbers: { rate, seed } };
    }
    throw new RangeError(
      "Cannot calibrate PSBD: with the least dropout, at most a third of the answers to clean images " +
        "must shift, got more; take another defence",
    );
  },
  async score(model, images, profile, answers) {
    const { classes } = model;
    const [rate, seed] = [numberOf(profile, "rate"), numberOf(profile, "seed")];
    const labels = predictedLabels(answers, classes);
    const scores = new Float32Array(labels.length);
    for (let pass = 0; pass < PASSES; pass++) {
      const options = { rate, seed: streamSeed(seed, `pass ${pass}`) };
      const dropped = await model.classifyWithDropout(images, options);
      labels.forEach((label, row) => {
        const odds = logOdds(dropped.subarray(row * classes, (row + 1) * classes), label);
        scores[row]! += odds / PASSES;
      });
    }
    return scores;
  },
});

/** The least probability that float32 holds: odds stay numbers. */
const LEAST = 2 ** -149;

/** ln of how many times as likely a class is as the likeliest other one. */
function logOdds(probabilities: Float32Array, label: number): number {
  let other = LEAST;
  probabilities.forEach((p, k) => {
    if (k !== label) other = Math.max(other, p);
  });
  return Math.log(Math.max(probabilities[label]!, LEAST)) - Math.log(other);
}
