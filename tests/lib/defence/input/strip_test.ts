import assert from "node:assert/strict";
import type { ImageBatch } from "../../../../lib/core/types.ts";
import { strip } from "../../../../lib/defence/input/strip.ts";
import { bytesOf } from "../../../../lib/defence/input/profile.ts";

/** Images of two pixels. */
function pairs(...values: number[]): ImageBatch {
  return { data: Float32Array.from(values), shape: [values.length / 2, 1, 2, 1] };
}

/** A model of two classes that takes the first pixel for a probability. */
const model = {
  classes: 2,
  classify({ data, shape: [count] }: ImageBatch) {
    return Promise.resolve(
      Float32Array.from({ length: 2 * count }, (_, i) => i % 2 === 0 ? data[i]! : 1 - data[i - 1]!),
    );
  },
};

const clean = pairs(...Array.from({ length: 60 }, (_, i) => Math.round(i * 4.3) / 255));

Deno.test("STRIP's score is the negative mean entropy over sums that are clipped, in bits", async () => {
  const { profile } = await strip.calibrate(model, clean, { seed: 1 });
  const overlays = bytesOf(profile, "overlays");
  assert.equal(overlays.length, 20 * 2);
  const { scores } = await strip.score(model, pairs(0.25, 0, 1, 0.5, 0, 0), profile);
  const expected = [0.25, 1, 0].map((pixel) => {
    let sum = 0;
    for (let i = 0; i < 40; i += 2) {
      const p = Math.min(1, pixel + overlays[i]! / 255);
      for (const q of [p, 1 - p]) sum += q === 0 ? 0 : q * Math.log2(q);
    }
    return sum / 20;
  });
  expected.forEach((score, i) => assert.ok(Math.abs(scores[i]! - score) < 1e-6));
  assert.equal(Math.abs(scores[1]!), 0, "what stays certain has no entropy");
});

Deno.test("STRIP lays over twenty different clean images, and others by another seed", async () => {
  const overlaysOf = async (seed: number) => {
    const { profile } = await strip.calibrate(model, clean, { seed });
    const bytes = bytesOf(profile, "overlays");
    return Array.from({ length: 20 }, (_, i) => bytes.subarray(2 * i, 2 * i + 2).join());
  };
  const [once, others] = [await overlaysOf(1), await overlaysOf(2)];
  const all = new Set(
    Array.from(
      { length: 30 },
      (_, i) => `${Math.round(2 * i * 4.3)},${Math.round((2 * i + 1) * 4.3)}`,
    ),
  );
  assert.equal(new Set(once).size, 20);
  assert.ok(once.every((overlay) => all.has(overlay)));
  assert.notDeepEqual(others, once);
});

Deno.test("STRIP scores an image alike, whatever stands beside it", async () => {
  const { profile } = await strip.calibrate(model, clean, { seed: 1 });
  // More than are classified at once.
  const many = Array.from({ length: 260 }, (_, i) => i / 260);
  const { scores } = await strip.score(model, pairs(...many), profile);
  for (const row of [0, 49, 50, 129]) {
    const alone = await strip.score(model, pairs(many[2 * row]!, many[2 * row + 1]!), profile);
    assert.equal(alone.scores[0], scores[row]);
  }
});

Deno.test("STRIP needs twenty clean images", async () => {
  await assert.rejects(strip.calibrate(model, pairs(0, 0), { seed: 1 }), {
    name: "RangeError",
    message: "Cannot calibrate STRIP: there must be at least 20 clean images, got 1",
  });
});
