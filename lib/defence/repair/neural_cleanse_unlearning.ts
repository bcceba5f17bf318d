/**
 * Neural Cleanse's own repair (Wang et al., S&P 2019, section VI-C): the model is trained on, on clean
 * images of which some carry the reversed trigger, under their right labels.
 *
 * @module
 */

import { createRandom } from "../../core/random.ts";
import { defineRepair } from "./define_repair.ts";
import { SGD, stampedSet, tune, tuningParameters } from "./tune.ts";

/** ART's class trains on stamped images of the target class alone, whose labels are the attack's. */
export const neuralCleanseUnlearning = defineRepair({
  name: "neural-cleanse-unlearning",
  title: "Neural Cleanse with unlearning",
  summary: "Trains the model on with clean images, some with the reversed trigger.",
  needsTrigger: true,
  optimizer: SGD,
  parameters: {
    ...tuningParameters(3, 0.01),
    share: {
      type: "number",
      description: "share of the images that carry the trigger",
      default: 0.2,
      exclusiveMinimum: 0,
      maximum: 1,
    },
  },
  cost: (images, { epochs }) => ({ forwards: 0, backwards: images * epochs }),
  repair(model, clean, { trigger, numbers, ...options }) {
    const rows = createRandom(options.seed, "stamped images")
      .shuffle(Uint32Array.from(clean.labels.keys()));
    const stamped = rows.subarray(0, Math.ceil(numbers.share * rows.length));
    return tune(model, stampedSet(clean, stamped, trigger), { numbers, ...options });
  },
});
