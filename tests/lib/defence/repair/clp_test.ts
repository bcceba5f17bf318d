/** Channel Lipschitzness: its bounds, and what is taken out of which layer. */

import assert from "node:assert/strict";
import { createRandom, normal } from "../../../../lib/core/random.ts";
import { channelBounds } from "../../../../lib/defence/repair/clp.ts";
import { type RepairableLayer, repairs } from "../../../../lib/defence/repair/mod.ts";
import { createSmallNetwork } from "../small_network.ts";
import { drawImages } from "../synthetic.ts";

const clp = repairs.find(({ name }) => name === "clp")!;

/** A 2×2 filter of two inputs for three channels. */
const SHAPE = [2, 2, 2, 3];

Deno.test("the bound of a channel is the largest singular value of its filter", () => {
  const kernel = new Float32Array(24);
  const set = (tap: number, input: number, channel: number, value: number) =>
    kernel[(tap * 2 + input) * 3 + channel] = value;
  // Channel 0: rows of length 3 and 4, at a right angle.
  set(0, 0, 0, 3);
  set(3, 1, 0, 4);
  // Channel 1: two equal rows of length 1.
  set(1, 0, 1, 1);
  set(1, 1, 1, 1);
  // Channel 2: nothing.
  const [first, second, third] = channelBounds(kernel, SHAPE);
  assert.ok(Math.abs(first! - 4) < 1e-6, `${first}`);
  assert.ok(Math.abs(second! - Math.SQRT2) < 1e-6, `${second}`);
  assert.equal(third, 0);
});

Deno.test("no image is amplified by more than the bound", () => {
  const random = createRandom(1, "filters");
  const kernel = Float32Array.from({ length: 24 }, () => normal(random));
  const bounds = channelBounds(kernel, SHAPE);
  for (let trial = 0; trial < 100; trial++) {
    const taps = Array.from({ length: 4 }, () => normal(random));
    const length = Math.hypot(...taps);
    bounds.forEach((bound, channel) => {
      const through = [0, 1].map((input) =>
        taps.reduce((sum, value, tap) => sum + value * kernel[(tap * 2 + input) * 3 + channel]!, 0)
      );
      assert.ok(Math.hypot(...through) <= bound * length * (1 + 1e-6));
    });
  }
});

/** A network of which nothing but the weights of its layers is asked. */
function modelOf(layers: RepairableLayer[], weights: Record<string, Record<string, Float32Array>>) {
  const changed: Record<string, Record<string, Float32Array>> = {};
  const model = Object.assign(createSmallNetwork({ backdoor: false }), {
    layers,
    weights: (layer: string) => weights[layer]!,
    setWeights: (layer: string, given: Record<string, Float32Array>) => {
      changed[layer] = given;
    },
  });
  return { model, changed };
}

/** 1×1 filters of one input: a channel's bound is its one weight. */
const convolution = {
  name: "conv",
  className: "Conv2D",
  weights: { kernel: [1, 1, 1, 5], bias: [5] },
};
const kernel = Float32Array.of(1, 1, 1, 1, 9);
const bias = Float32Array.of(1, 2, 3, 4, 5);
const clean = drawImages(20, 1);

Deno.test("a channel far above the others is taken out, with its bias", async () => {
  const { model, changed } = modelOf([convolution], { conv: { kernel, bias } });
  const numbers = { u: 1.5 };
  const { cost } = await clp.repair({ model, clean, trigger: null }, { seed: 1, numbers });
  assert.deepEqual(changed, {
    conv: { kernel: Float32Array.of(1, 1, 1, 1, 0), bias: Float32Array.of(1, 2, 3, 4, 0) },
  });
  assert.deepEqual(cost, { forwards: 0, backwards: 0 });
});

Deno.test("behind a convolution, batch normalisation counts, and is what is changed", async () => {
  const norm = {
    name: "norm",
    className: "BatchNormalization",
    weights: { gamma: [5], beta: [5], moving_mean: [5], moving_variance: [5] },
  };
  const one = new Float32Array(5).fill(1);
  const { model, changed } = modelOf([convolution, norm], {
    conv: { kernel, bias },
    // The last channel's filter is large, and so is the deviation that it is divided by.
    norm: {
      gamma: Float32Array.of(1, -8, 1, 1, 1),
      beta: bias,
      moving_mean: one,
      moving_variance: Float32Array.of(1, 1, 1, 1, 81),
    },
  });
  await clp.repair({ model, clean, trigger: null }, { seed: 1, numbers: { u: 1.5 } });
  assert.deepEqual(changed, {
    norm: { gamma: Float32Array.of(1, 0, 1, 1, 1), beta: Float32Array.of(1, 0, 3, 4, 5) },
  });
});
