/**
 * Training on, on clean images: what every repair has to be better than.
 *
 * @module
 */

import { defineRepair } from "./define_repair.ts";
import { plainSet, SGD, tune, tuningParameters } from "./tune.ts";

/**
 * BackdoorBench's rate of .01 leaves a backdoor on MNIST as it is; .1 removes most of it.
 */
export const fineTuning = defineRepair({
  name: "fine-tuning",
  title: "Fine-tuning",
  summary: "Trains the model on with clean images.",
  needsTrigger: false,
  optimizer: SGD,
  parameters: tuningParameters(5, 0.1),
  cost: (images, { epochs }) => ({ forwards: 0, backwards: images * epochs }),
  repair: (model, clean, options) => tune(model, plainSet(clean), options),
});
