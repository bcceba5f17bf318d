/** What holds for every defence of inputs. */

import assert from "node:assert/strict";
import { selectImages } from "../../../../lib/core/select_images.ts";
import type { ImageBatch } from "../../../../lib/core/types.ts";
import {
  calibrateWithScores,
  inputDefences,
  profileFromJson,
  profileToJson,
  thresholdAt,
} from "../../../../lib/defence/input/mod.ts";
import { auroc } from "../auroc.ts";
import { createSyntheticModel, drawImages, TARGET, withTrigger } from "../synthetic.ts";

const clean = drawImages(150, 1).images;
const others = drawImages(150, 2);

/** Images of all classes but the target, which the trigger does not move. */
const victims = selectImages(
  others.images,
  [...others.labels.keys()].filter((row) => others.labels[row] !== TARGET),
);
const triggered = withTrigger(victims);

for (const defence of inputDefences) {
  const { name } = defence;

  /** A profile of a model, and what images score by it. */
  const scoresOf = async (backdoor: boolean, images: readonly ImageBatch[]) => {
    const model = createSyntheticModel({ backdoor });
    const { profile } = await defence.calibrate(model, clean, { seed: 1 });
    return await Promise.all(
      images.map(async (batch) => (await defence.score(model, batch, profile)).scores),
    );
  };

  // A null model is what a defence has to be better than, and promises nothing.
  if (!defence.isNullModel) {
    Deno.test(`${name}: loud on the trigger of a backdoored model`, async () => {
      const [suspicious, harmless] = await scoresOf(true, [triggered, victims]);
      assert.ok(auroc(suspicious!, harmless!) > 0.95, `${auroc(suspicious!, harmless!)}`);
    });
  }

  Deno.test(`${name}: quiet on the trigger of a clean model`, async () => {
    const [stamped, harmless] = await scoresOf(false, [triggered, victims]);
    const area = auroc(stamped!, harmless!);
    assert.ok(area > 0.4 && area < 0.6, `${area}`);
  });

  Deno.test(`${name}: false alarms are as rare as asked for`, async () => {
    const model = createSyntheticModel({ backdoor: true });
    const { profile, scores } = await calibrateWithScores(
      defence,
      { model, clean: drawImages(400, 3).images },
      { seed: 1, fit: 150 },
    );
    assert.equal(scores.length, 250);
    const threshold = thresholdAt(scores, 0.1);
    const { scores: again } = await defence.score(model, drawImages(400, 4).images, profile);
    const alarms = again.filter((score) => score > threshold).length / 400;
    assert.ok(alarms <= 0.16, `${alarms}`);
  });

  Deno.test(`${name}: the same seed, the same profile, the same scores; a stored one too`, async () => {
    const model = createSyntheticModel({ backdoor: true });
    const [{ profile }, { profile: again }] = [
      await defence.calibrate(model, clean, { seed: 7 }),
      await defence.calibrate(model, clean, { seed: 7 }),
    ];
    assert.deepEqual(again, profile);
    const stored = profileFromJson(JSON.parse(JSON.stringify(profileToJson(profile))));
    assert.deepEqual(stored, profile);
    const { scores } = await defence.score(model, victims, profile);
    assert.equal(scores.length, victims.shape[0]);
    assert.ok(scores.every(Number.isFinite));
    assert.deepEqual((await defence.score(model, victims, stored)).scores, scores);
  });

  Deno.test(`${name}: costs what it says, and less if the model has answered before`, async () => {
    const model = createSyntheticModel({ backdoor: true });
    const [count] = victims.shape;
    const { profile, cost } = await defence.calibrate(model, clean, { seed: 1 });
    assert.deepEqual(cost, { forwards: model.read, backwards: 0 });
    assert.ok(model.read <= defence.calibrationForwards(clean.shape[0], model));
    model.read = 0;
    const first = await defence.score(model, victims, profile);
    assert.deepEqual(first.cost, { forwards: model.read, backwards: 0 });
    assert.equal(model.read, count * defence.forwards);
    const probabilities = await model.classify(victims);
    model.read = 0;
    const second = await defence.score(model, victims, profile, { probabilities });
    assert.deepEqual(second.scores, first.scores);
    assert.deepEqual(second.cost, { forwards: model.read, backwards: 0 });
    assert.equal(model.read, count * (defence.forwards - (defence.goesByAnswer ? 1 : 0)));
  });

  Deno.test(`${name}: leaves images as they are, and has no scores for none`, async () => {
    const model = createSyntheticModel({ backdoor: true });
    const before = structuredClone({ clean, victims });
    const { profile } = await defence.calibrate(model, clean, { seed: 1 });
    await defence.score(model, victims, profile);
    assert.deepEqual({ clean, victims }, before);
    const { scores } = await defence.score(model, selectImages(victims, []), profile);
    assert.deepEqual(scores, new Float32Array());
  });

  Deno.test(`${name}: says how far it is, and stops`, async () => {
    const model = createSyntheticModel({ backdoor: true });
    const shares: number[] = [];
    const onProgress = (share: number) => shares.push(share);
    const { profile } = await defence.calibrate(model, clean, { seed: 1, onProgress });
    assert.equal(shares.at(-1), 1);
    await defence.score(model, victims, profile, { onProgress });
    assert.equal(shares.at(-1), 1);
    assert.ok(shares.every((share) => share > 0 && share <= 1));
    const reason = new Error("stopped");
    const signal = AbortSignal.abort(reason);
    await assert.rejects(defence.calibrate(model, clean, { seed: 1, signal }), reason);
    await assert.rejects(defence.score(model, victims, profile, { signal }), reason);
    if (defence.forwards === (defence.goesByAnswer ? 1 : 0)) return;
    const stop = new AbortController();
    const stopped = defence.score(model, victims, profile, {
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    });
    await assert.rejects(stopped, reason);
  });

  Deno.test(`${name}: what does not belong together is refused`, async () => {
    const model = createSyntheticModel({ backdoor: true });
    const { profile } = await defence.calibrate(model, clean, { seed: 1 });
    const start = `^Cannot score images by ${defence.title}: the profile must be that of`;
    for (
      const other of [
        { ...profile, defence: "another" },
        { ...profile, classes: 3 },
        { ...profile, image: [28, 28, 3] as const },
      ]
    ) {
      await assert.rejects(defence.score(model, victims, other), {
        name: "RangeError",
        message: new RegExp(`${start} ${name}, 28×28×1, 5 classes, got that of .*; calibrate`),
      });
    }
    if (Object.keys(profile.arrays).length > 0) {
      await assert.rejects(defence.score(model, victims, { ...profile, arrays: {} }), {
        name: "IntegrityError",
        message: /^Cannot use the profile of .* got none; calibrate the defence again$/,
      });
    }
    await assert.rejects(defence.calibrate(model, selectImages(clean, []), { seed: 1 }), {
      name: "RangeError",
      message:
        `Cannot calibrate ${defence.title}: there must be clean images, got none; give some ` +
        "hundred",
    });
    const { classes, classify } = model;
    const bare = { classes, classify };
    const refusal = /the model must .*, got one that does not; take another defence$/;
    if (defence.needs.length === 0) {
      await defence.score(bare, victims, profile);
    } else {
      await assert.rejects(defence.calibrate(bare, clean, { seed: 1 }), refusal);
      await assert.rejects(defence.score(bare, victims, profile), refusal);
    }
  });
}
