/**
 * The null model of all defences of inputs.
 *
 * @module
 */

import { defineInputDefence } from "./define_input_defence.ts";

/** How sure the model is: the probability of the class that it names. */
export const confidence = defineInputDefence({
  name: "confidence",
  title: "Confidence",
  summary: "Takes for suspicious what the model is sure of: what a defence has to be better than.",
  needs: [],
  isNullModel: true,
  forwards: 1,
  goesByAnswer: true,
  calibrationForwards: () => 0,
  calibrate: () => Promise.resolve({}),
  score({ classes }, { shape: [count] }, _profile, answers) {
    const highest = (_: unknown, row: number) =>
      Math.max(...answers.subarray(row * classes, (row + 1) * classes));
    return Promise.resolve(Float32Array.from({ length: count }, highest));
  },
});
