/** What holds for every defence of models. */

import assert from "node:assert/strict";
import { selectImages } from "../../../../lib/core/select_images.ts";
import {
  modelDefences,
  type ModelSubject,
  stampReversed,
} from "../../../../lib/defence/model/mod.ts";
import { createSmallNetwork, type SmallNetwork } from "../small_network.ts";
import { CLASSES, drawImages, TARGET, TRIGGER } from "../synthetic.ts";

const clean = drawImages(60, 7).images;

function subjectOf({ backdoor }: { backdoor: boolean }) {
  const model = createSmallNetwork({ backdoor });
  return { model, shape: [28, 28, 1], clean } satisfies ModelSubject & { model: SmallNetwork };
}

for (const defence of modelDefences) {
  const { name, title, cleanImages } = defence;

  Deno.test(`${name}: loud on a backdoor, whose class it names, quiet on the clean twin`, async () => {
    for (const seed of [1, 2, 3]) {
      const loud = await defence.inspect(subjectOf({ backdoor: true }), { seed });
      const quiet = await defence.inspect(subjectOf({ backdoor: false }), { seed });
      assert.equal(loud.suspect, TARGET);
      assert.ok(loud.statistic > 2 * quiet.statistic, `${loud.statistic}, ${quiet.statistic}`);
      assert.ok(quiet.statistic >= 0 && quiet.statistic < 1, `${quiet.statistic}`);
    }
  });

  Deno.test(`${name}: its figures are numbers, one a class, and survive JSON`, async () => {
    const { perClass, beside, statistic, suspect } = await defence.inspect(
      subjectOf({ backdoor: true }),
      { seed: 1 },
    );
    const figures = { perClass, beside, statistic, suspect };
    assert.deepEqual(JSON.parse(JSON.stringify(figures)), figures);
    for (const values of Object.values(perClass)) {
      assert.equal(values.length, CLASSES);
      assert.ok(values.every(Number.isFinite), values.join());
    }
    assert.ok(Object.values(beside).every(Number.isFinite));
  });

  Deno.test(`${name}: a trigger that it finds is one, and holds the backdoor's pixel`, async () => {
    const subject = subjectOf({ backdoor: true });
    const { trigger } = await defence.inspect(subject, { seed: 1 });
    if (trigger === null) return;
    assert.equal(trigger.target, TARGET);
    assert.deepEqual(trigger.shape, subject.shape);
    assert.equal(trigger.mask.length, 28 * 28);
    assert.equal(trigger.pattern.length, 28 * 28);
    assert.ok([...trigger.mask, ...trigger.pattern].every((value) => value >= 0 && value <= 1));
    assert.ok(trigger.attackSuccess > 0.95);
    assert.equal(trigger.mask.indexOf(Math.max(...trigger.mask)), TRIGGER);
    const answers = await subject.model.logits(stampReversed(drawImages(50, 8).images, trigger));
    for (let row = 0; row < 50; row++) {
      const scores = answers.subarray(row * CLASSES, (row + 1) * CLASSES);
      assert.equal(scores.indexOf(Math.max(...scores)), TARGET);
    }
  });

  Deno.test(`${name}: the same seed, the same bits, another one, others; nothing is changed`, async () => {
    const subject = subjectOf({ backdoor: true });
    const before = structuredClone({ clean, weights: subject.model.stored });
    const first = await defence.inspect(subject, { seed: 3 });
    assert.deepEqual(await defence.inspect(subject, { seed: 3 }), first);
    assert.notDeepEqual((await defence.inspect(subject, { seed: 4 })).perClass, first.perClass);
    assert.deepEqual({ clean, weights: subject.model.stored }, before);
  });

  Deno.test(`${name}: costs what it says`, async () => {
    const subject = subjectOf({ backdoor: true });
    const { cost } = await defence.inspect(subject, { seed: 1 });
    assert.deepEqual(cost, subject.model.cost);
    assert.deepEqual(cost, defence.cost(subject));
  });

  Deno.test(`${name}: says how far it is, and stops`, async () => {
    const subject = subjectOf({ backdoor: true });
    const shares: number[] = [];
    await defence.inspect(subject, { seed: 1, onProgress: (share) => shares.push(share) });
    assert.equal(shares.at(-1), 1);
    assert.ok(shares.length > 10);
    assert.deepEqual(shares, shares.toSorted((a, b) => a - b));
    const reason = new Error("stopped");
    await assert.rejects(
      defence.inspect(subject, { seed: 1, signal: AbortSignal.abort(reason) }),
      reason,
    );
    const stop = new AbortController();
    subject.model.cost = { forwards: 0, backwards: 0 };
    const stopped = defence.inspect(subject, {
      seed: 1,
      signal: stop.signal,
      onProgress: () => stop.abort(reason),
    });
    await assert.rejects(stopped, reason);
    assert.ok(subject.model.cost.forwards < defence.cost(subject).forwards / 10);
  });

  Deno.test(`${name}: what it cannot judge is refused`, async () => {
    const subject = subjectOf({ backdoor: true });
    const two = Object.defineProperty(createSmallNetwork({ backdoor: true }), "classes", {
      value: 2,
    });
    await assert.rejects(defence.inspect({ ...subject, model: two }, { seed: 1 }), {
      name: "RangeError",
      message: `Cannot inspect a model by ${title}: it must have at least 3 classes, got 2; ` +
        "classes are compared with each other",
    });
    if (cleanImages === 0) {
      await defence.inspect({ ...subject, clean: null }, { seed: 1 });
      return;
    }
    for (const few of [null, selectImages(clean, [0, 1])]) {
      await assert.rejects(defence.inspect({ ...subject, clean: few }, { seed: 1 }), {
        name: "RangeError",
        message:
          `Cannot inspect a model by ${title}: there must be at least ${cleanImages} clean ` +
          `images, got ${few?.shape[0] ?? 0}; give more`,
      });
    }
    await assert.rejects(defence.inspect({ ...subject, shape: [28, 28, 3] }, { seed: 1 }), {
      name: "RangeError",
      message: /clean images must be of 28×28×3, as the model's, got 28×28×1$/,
    });
  });

  Deno.test(`${name}: broken weights are named`, async () => {
    const subject = subjectOf({ backdoor: false });
    subject.model.stored.headBias[0] = NaN;
    await assert.rejects(defence.inspect(subject, { seed: 1 }), {
      name: "RangeError",
      message: /must be numbers, got NaN .*; (the model's|its) weights are broken, train it again$/,
    });
  });
}
