import assert from "node:assert/strict";
import type { ImageBatch } from "../../../../lib/core/types.ts";
import { psbd } from "../../../../lib/defence/input/psbd.ts";

/** One pixel an image. */
function pixels(...values: number[]): ImageBatch {
  return { data: Float32Array.from(values), shape: [values.length, 1, 1, 1] };
}

/** A model of two classes that names the first for what is below its limit, and turns from a rate on. */
function createModel(turnsAbove: number) {
  const seen: { rate: number; seed: number }[] = [];
  const answer = ({ data }: ImageBatch, isTurned: boolean) =>
    Promise.resolve(
      Float32Array.from([...data].flatMap((p) => isTurned ? [p, 1 - p] : [1 - p, p])),
    );
  return {
    ...{ classes: 2, seen },
    classify: (images: ImageBatch) => answer(images, false),
    classifyWithDropout(images: ImageBatch, options: { rate: number; seed: number }) {
      seen.push(options);
      return answer(images, options.rate > turnsAbove);
    },
  };
}

const clean = pixels(0.25, 0.125, 0.75);

Deno.test("PSBD takes the highest rate at which clean answers stay", async () => {
  const model = createModel(0.65);
  const { profile } = await psbd.calibrate(model, clean, { seed: 1 });
  assert.equal(profile.numbers.rate, 0.6);
  await assert.rejects(psbd.calibrate(createModel(0), clean, { seed: 1 }), {
    name: "RangeError",
    message:
      "Cannot calibrate PSBD: with the least dropout, at most a third of the answers to clean " +
      "images must shift, got more; take another defence",
  });
});

Deno.test("PSBD's score is the mean log odds of the class that is named without dropout", async () => {
  const model = createModel(1);
  const { profile } = await psbd.calibrate(model, clean, { seed: 1 });
  model.seen.length = 0;
  const { scores } = await psbd.score(model, pixels(0.25, 0.75, 0.5, 0), profile);
  const expected = [Math.log(3), Math.log(3), 0, 149 * Math.LN2];
  expected.forEach((score, i) => assert.ok(Math.abs(scores[i]! - score) < 1e-4, `${scores[i]}`));
  assert.deepEqual(new Set(model.seen.map(({ rate }) => rate)), new Set([0.9]));
  assert.equal(new Set(model.seen.map(({ seed }) => seed)).size, 8, "each pass drops other values");
});
