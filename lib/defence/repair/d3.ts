/**
 * D3 (ICCV 2025, arXiv 2411.09585): the last layer is driven as far from what it was as clean images
 * allow.
 *
 * @module
 */

import { createRandom, normal } from "../../core/random.ts";
import { defineRepair } from "./define_repair.ts";
import { readHead, writeHead } from "./head.ts";
import { MOMENTUM, plainSet, SGD, softly, tune, tuningParameters, withChanges } from "./tune.ts";

/** How far the kernel is moved before the first step, for where it was it has no slope: a share of its length. */
const NUDGE = 1e-3;

/**
 * Minimises −‖w − w₀‖ + λ·max(0, L − ε), where w is the kernel of the last layer, w₀ what it was and L
 * the clean loss of a batch; after each step the kernel is scaled to its old length. The authors have
 * published no program; that the layers before the last one follow the clean loss too is a reading of
 * their description. The clean loss is taken times λ, so that a rate of .01 makes steps as long as one
 * of .1 does elsewhere, which ruins the article's network.
 */
export const d3 = defineRepair({
  name: "d3",
  title: "D3",
  summary: "Drives the last layer away from what it was, as far as clean images allow.",
  needsTrigger: false,
  optimizer: { ...SGD, weightDecay: 0 },
  parameters: {
    ...tuningParameters(10, 0.003),
    lambda: {
      type: "number",
      description: "weight of the clean loss against the distance",
      default: 10,
      exclusiveMinimum: 0,
    },
    epsilon: {
      type: "number",
      description: "the clean loss that is allowed, nats",
      default: 0.1,
      minimum: 0,
    },
  },
  cost: (images, { epochs }) => ({ forwards: 0, backwards: images * epochs }),
  async repair(model, clean, { numbers, seed, ...options }) {
    const old = readHead(model).kernel;
    const length = lengthOf(old);
    const random = createRandom(seed, "nudge");
    const nudge = NUDGE * length / Math.sqrt(old.length);
    const moveTo = (kernel: Float32Array) => {
      const scale = length / lengthOf(kernel);
      writeHead(model, { ...readHead(model), kernel: kernel.map((value) => value * scale) });
    };
    moveTo(old.map((value) => value + nudge * normal(random)));
    const step = softly(model, {
      weigh: (loss) => loss > numbers.epsilon ? numbers.lambda : 0,
    });
    // The distance has a velocity of its own beside the optimizer's.
    const velocity = new Float32Array(old.length);
    const driven = withChanges({ step }, (rate) => {
      const { kernel } = readHead(model);
      const distance = lengthOf(kernel.map((value, i) => value - old[i]!));
      moveTo(kernel.map((value, i) => {
        velocity[i] = MOMENTUM * velocity[i]! + (value - old[i]!) / distance;
        return value + rate * velocity[i]!;
      }));
    });
    await tune(driven, plainSet(clean), { numbers, seed, ...options });
  },
});

function lengthOf(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
