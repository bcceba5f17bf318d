/**
 * FT-SAM (Zhu et al., "Enhancing Fine-Tuning Based Backdoor Defense with Sharpness-Aware Minimization",
 * ICCV 2023): fine-tuning by the gradient where the loss is worst next to the weights, in units of each
 * weight, so that the large weights of a backdoor move most.
 *
 * @module
 */

import { defineRepair } from "./define_repair.ts";
import { inTurn, plainSet, SGD, softly, tune, tuningParameters } from "./tune.ts";

/** Of labels, over all classes. */
const SMOOTHING = 0.1;

/** Two gradients a step. */
export const ftSam = defineRepair({
  name: "ft-sam",
  title: "FT-SAM",
  summary: "Trains the model on with clean images, by the gradient at the worst place near by.",
  needsTrigger: false,
  optimizer: SGD,
  parameters: {
    ...tuningParameters(5, 0.01),
    radius: {
      type: "number",
      description: "distance of that place; BackdoorBench has 2 for CIFAR-10, which ruins MNIST's",
      default: 0.3,
      exclusiveMinimum: 0,
    },
  },
  cost: (images, { epochs }) => ({ forwards: 0, backwards: 2 * images * epochs }),
  async repair(model, clean, { numbers, meter, ...options }) {
    const sharpness = { radius: numbers.radius, isAdaptive: true };
    const step = softly(model, { smoothing: SMOOTHING, sharpness });
    await tune(inTurn(step), plainSet(clean), {
      ...{ numbers, ...options },
      meter: { ...meter, backward: (images) => meter.backward(2 * images) },
    });
  },
});
