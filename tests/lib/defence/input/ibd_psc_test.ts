import assert from "node:assert/strict";
import type { ImageBatch } from "../../../../lib/core/types.ts";
import { ibdPsc } from "../../../../lib/defence/input/ibd_psc.ts";

/** A model of two classes; amplified, it names the other one once factor · layers is above a limit. */
function createModel({ layers, limit }: { layers: number; limit: number }) {
  const asked: (readonly [number, number])[] = [];
  const answer = ({ data }: ImageBatch, isTurned: boolean) =>
    Promise.resolve(
      Float32Array.from([...data].flatMap((p) => isTurned ? [p, 1 - p] : [1 - p, p])),
    );
  return {
    ...{ classes: 2, asked },
    classify: (images: ImageBatch) => answer(images, false),
    scaling: {
      layers,
      scaled(count: number, factor: number) {
        asked.push([count, factor]);
        const isTurned = count * factor > limit;
        return Promise.resolve({ classify: (images: ImageBatch) => answer(images, isTurned) });
      },
    },
  };
}

const clean: ImageBatch = { data: Float32Array.of(0.25, 0.125, 0.75), shape: [3, 1, 1, 1] };

Deno.test("IBD-PSC takes the fewest layers, and the least factor, by which clean answers change", async () => {
  const profileOf = async (layers: number, limit: number) =>
    (await ibdPsc.calibrate(createModel({ layers, limit }), clean, { seed: 1 })).profile.numbers;
  assert.deepEqual(await profileOf(8, 4), { layers: 3, factor: 1.5 });
  assert.deepEqual(await profileOf(8, 7), { layers: 4, factor: 2 });
  assert.deepEqual(await profileOf(5, 4), { layers: 1, factor: 5 });
});

Deno.test("IBD-PSC's score is the mean over five models, each with a layer more", async () => {
  const model = createModel({ layers: 9, limit: 4 });
  const { profile } = await ibdPsc.calibrate(model, clean, { seed: 1 });
  model.asked.length = 0;
  const { scores } = await ibdPsc.score(model, clean, profile);
  assert.deepEqual(model.asked, [3, 4, 5, 6, 7].map((count) => [count, 1.5]));
  [0.25, 0.125, 0.25].forEach((p, i) => assert.ok(Math.abs(scores[i]! - p) < 1e-6));
});

Deno.test("IBD-PSC needs layers enough, and answers that change", async () => {
  await assert.rejects(ibdPsc.calibrate(createModel({ layers: 4, limit: 1 }), clean, { seed: 1 }), {
    name: "RangeError",
    message: "Cannot calibrate IBD-PSC: there must be at least 5 layers to amplify, got 4; take " +
      "another defence",
  });
  await assert.rejects(
    ibdPsc.calibrate(createModel({ layers: 5, limit: 99 }), clean, { seed: 1 }),
    {
      name: "RangeError",
      message:
        "Cannot calibrate IBD-PSC: amplified up to 5-fold, the model must classify more than 60 % " +
        "of clean images otherwise, got fewer; take another defence",
    },
  );
});
