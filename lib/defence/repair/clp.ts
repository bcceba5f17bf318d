/**
 * CLP (Zheng et al., "Data-free Backdoor Removal Based on Channel Lipschitzness", ECCV 2022): channels
 * whose filters amplify most are taken out. No images are read.
 *
 * @module
 */

import { defineRepair } from "./define_repair.ts";
import type { RepairableLayer, RepairableModel } from "./repair.ts";

/** Of power iteration; the largest of some ten singular values is settled long before. */
const ITERATIONS = 100;

/** Batch normalisation's, in tfjs; in a trained model the variance is far above it. */
const EPSILON = 1e-3;

/**
 * Of each convolution, channels whose Lipschitz bound lies more than u standard deviations above the
 * mean. Behind a convolution that stands by itself, its kernel and bias are zeroed; behind one that
 * batch normalisation follows, the normalisation's scale and offset, and the bound takes its scale in.
 */
export const clp = defineRepair({
  name: "clp",
  title: "CLP",
  summary: "Takes out the channels of convolutions whose filters amplify most; reads no images.",
  needsTrigger: false,
  optimizer: null,
  parameters: {
    u: {
      type: "number",
      description: "standard deviations above the mean at which channels are taken out",
      default: 3,
      minimum: 0,
    },
  },
  cost: () => ({ forwards: 0, backwards: 0 }),
  repair(model, _clean, { numbers }) {
    model.layers.forEach((layer, place) => {
      if (layer.className === "Conv2D") pruneLayer(model, layer, { ...numbers, place });
    });
    return Promise.resolve();
  },
});

function pruneLayer(
  model: RepairableModel,
  { name, weights }: RepairableLayer,
  { u, place }: { readonly u: number; readonly place: number },
): void {
  const own = model.weights(name);
  const follower = model.layers[place + 1];
  const norm = follower?.className === "BatchNormalization" ? follower.name : null;
  const ofNorm = norm === null ? {} : model.weights(norm);
  const bounds = channelBounds(own.kernel!, weights.kernel!).map((bound, channel) => {
    if (norm === null) return bound;
    const scale = Math.abs(ofNorm.gamma?.[channel] ?? 1);
    return bound * scale / Math.sqrt(ofNorm.moving_variance![channel]! + EPSILON);
  });
  const mean = bounds.reduce((sum, bound) => sum + bound, 0) / bounds.length;
  const variance = bounds.reduce((sum, bound) => sum + (bound - mean) ** 2, 0) / bounds.length;
  const isKept = bounds.map((bound) => bound <= mean + u * Math.sqrt(variance));
  const { kernel, bias, gamma, beta } = { ...own, ...ofNorm };
  const pruned = norm === null ? { kernel, bias } : { gamma, beta };
  const given = Object.entries(pruned).filter(([, values]) => values !== undefined);
  model.setWeights(
    norm ?? name,
    Object.fromEntries(given.map(([key, values]) => [
      key,
      // Channels are the last axis of each.
      values!.map((value, i) => isKept[i % isKept.length] ? value : 0),
    ])),
  );
}

/**
 * The largest singular value of each channel's filter, as a matrix `(inputs, taps)`.
 *
 * @param kernel `(height, width, inputs, channels)`, row-major.
 */
export function channelBounds(kernel: Float32Array, shape: readonly number[]): number[] {
  const [height = 1, width = 1, inputs = 1, channels = 1] = shape;
  const taps = height * width;
  const at = (tap: number, input: number, channel: number) =>
    kernel[(tap * inputs + input) * channels + channel]!;
  return Array.from({ length: channels }, (_, channel) => {
    // Not all alike, so that it is not at a right angle to what is looked for.
    let vector = Float64Array.from({ length: taps }, (_, tap) => 1 + tap / taps);
    let bound = 0;
    for (let i = 0; i < ITERATIONS; i++) {
      const length = Math.hypot(...vector);
      if (length === 0) return 0;
      vector = vector.map((value) => value / length);
      const through = Float64Array.from({ length: inputs }, (_, input) => {
        let sum = 0;
        for (let tap = 0; tap < taps; tap++) sum += at(tap, input, channel) * vector[tap]!;
        return sum;
      });
      bound = Math.hypot(...through);
      vector = Float64Array.from({ length: taps }, (_, tap) => {
        let sum = 0;
        for (let input = 0; input < inputs; input++) {
          sum += at(tap, input, channel) * through[input]!;
        }
        return sum;
      });
    }
    return bound;
  });
}
