/**
 * Feature shift tuning (Min et al., "Towards Stable Backdoor Purification through Feature Shift Tuning",
 * NeurIPS 2023): the last layer begins anew, and is kept away from what it was, so that the layers
 * before it have to shift their features.
 *
 * @module
 */

import { reinitialise } from "../../engine/mod.ts";
import { defineRepair } from "./define_repair.ts";
import { headLayer, readHead, writeHead } from "./head.ts";
import { MOMENTUM, plainSet, SGD, tune, tuningParameters, withChanges } from "./tune.ts";

/**
 * The loss has α·Σ w∘w₀ added, where w is the kernel of the last layer and w₀ what it was; after each
 * step the kernel is scaled to its old length. The authors' α of .1 on photographs ruins networks on
 * MNIST.
 */
export const fst = defineRepair({
  name: "fst",
  title: "Feature shift tuning",
  summary: "Trains the last layer anew, away from what it was, and the layers before it on.",
  needsTrigger: false,
  optimizer: { ...SGD, weightDecay: 0 },
  parameters: {
    ...tuningParameters(10, 0.01),
    alpha: {
      type: "number",
      description: "weight of the product with the old last layer in the loss",
      default: 0.01,
      minimum: 0,
    },
  },
  cost: (images, { epochs }) => ({ forwards: 0, backwards: images * epochs }),
  async repair(model, clean, { numbers, seed, ...options }) {
    const old = readHead(model);
    const length = lengthOf(old.kernel);
    reinitialise(model, { layer: headLayer(model).name, seed });
    // The product's gradient is w₀ at every step: it has a velocity of its own beside the optimizer's.
    let velocity = 0;
    const shifted = withChanges(model, (rate) => {
      velocity = MOMENTUM * velocity + numbers.alpha;
      const { kernel, bias } = readHead(model);
      const moved = kernel.map((value, i) => value - rate * velocity * old.kernel[i]!);
      const scale = length / lengthOf(moved);
      writeHead(model, { kernel: moved.map((value) => value * scale), bias });
    });
    await tune(shifted, plainSet(clean), { numbers, seed, ...options });
  },
});

function lengthOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
