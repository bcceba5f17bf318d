import assert from "node:assert/strict";
import { calibrateWithScores } from "../../../../lib/defence/input/mod.ts";
import { strip } from "../../../../lib/defence/input/strip.ts";
import { createSyntheticModel, drawImages } from "../synthetic.ts";

const clean = drawImages(60, 1).images;

Deno.test("the images that are scored are those that the profile was not made of", async () => {
  const model = createSyntheticModel({ backdoor: false });
  const shares: number[] = [];
  const { profile, scores, cost } = await calibrateWithScores(strip, { model, clean }, {
    ...{ seed: 1, fit: 20, onProgress: (share: number) => shares.push(share) },
  });
  assert.deepEqual(cost, { forwards: model.read, backwards: 0 });
  assert.deepEqual(shares, shares.toSorted((a, b) => a - b));
  assert.equal(shares.at(-1), 1);
  const all = (await strip.score(model, clean, profile)).scores;
  const places = new Map([...all].map((score, row) => [score, row]));
  assert.equal(places.size, 60, "scores tell images apart");
  const scored = Array.from(scores, (score) => places.get(score)!);
  assert.equal(new Set(scored).size, 40);
  const overlays = profile.arrays.overlays!;
  const size = overlays.length / 20;
  const bytesOf = (row: number) =>
    Array.from(clean.data.subarray(row * size, (row + 1) * size), (v) => Math.round(v * 255));
  const laidOver = new Set(
    Array.from({ length: 20 }, (_, i) => overlays.subarray(i * size, (i + 1) * size).join()),
  );
  assert.ok(scored.every((row) => !laidOver.has(bytesOf(row).join())));
  assert.deepEqual(scores, scores.toSorted());
});

Deno.test("something is left to score", async () => {
  const model = createSyntheticModel({ backdoor: false });
  for (const fit of [0, 60, 1.5]) {
    await assert.rejects(calibrateWithScores(strip, { model, clean }, { seed: 1, fit }), {
      name: "RangeError",
      message:
        "Cannot calibrate STRIP: the images that the profile is made of must be from 1 to 59 " +
        `of 60, got ${fit}; the others are scored`,
    });
  }
});
