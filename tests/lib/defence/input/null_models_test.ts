/** What the scores of confidence and SCALE-UP are. */

import assert from "node:assert/strict";
import type { ImageBatch } from "../../../../lib/core/types.ts";
import { confidence } from "../../../../lib/defence/input/confidence.ts";
import { scaleUp } from "../../../../lib/defence/input/scale_up.ts";

/** Images of one pixel, by which a model of two classes goes: its class 0 is all up to a half. */
const model = {
  classes: 2,
  classify: ({ data }: ImageBatch) =>
    Promise.resolve(Float32Array.from([...data].flatMap((p) => [1 - p, p]))),
};

const clean: ImageBatch = { data: Float32Array.of(0.5), shape: [1, 1, 1, 1] };

async function scoresOf(defence: typeof confidence, ...pixels: number[]): Promise<number[]> {
  const { profile } = await defence.calibrate(model, clean, { seed: 1 });
  const images: ImageBatch = { data: Float32Array.from(pixels), shape: [pixels.length, 1, 1, 1] };
  return [...(await defence.score(model, images, profile)).scores];
}

Deno.test("confidence is the probability of the class that is named", async () => {
  assert.deepEqual(await scoresOf(confidence, 0.25, 1, 0.5), [0.75, 1, 0.5]);
});

Deno.test("SCALE-UP is the share of factors under which the class stays", async () => {
  // 0.06 turns from 9 on, 0.125 from 5 on, 0.25 at once; white stays white, and black black.
  const scores = await scoresOf(scaleUp, 0.06, 0.125, 0.25, 1, 0);
  [0.6, 0.2, 0, 1, 1].forEach((share, i) => assert.ok(Math.abs(scores[i]! - share) < 1e-6));
});
