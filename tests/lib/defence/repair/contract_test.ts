/** What holds for every repair of a model. */

import assert from "node:assert/strict";
import type { Numbers } from "../../../../lib/core/parameter.ts";
import { predictedLabels } from "../../../../lib/core/predicted_labels.ts";
import { selectLabelled } from "../../../../lib/core/select_images.ts";
import type { ImageBatch } from "../../../../lib/core/types.ts";
import {
  modelDefences,
  type ReversedTrigger,
  stampReversed,
} from "../../../../lib/defence/model/mod.ts";
import { repairs, type RepairSubject } from "../../../../lib/defence/repair/mod.ts";
import { createSmallNetwork, type SmallNetwork } from "../small_network.ts";
import { CLASSES, drawImages, TARGET, withTrigger } from "../synthetic.ts";

const clean = drawImages(120, 11);
const test = drawImages(300, 12);
const victims = selectLabelled(
  test,
  [...test.labels.keys()].filter((row) => test.labels[row] !== TARGET),
);

const triggers = new Map<boolean, ReversedTrigger>();
for (const backdoor of [true, false]) {
  const model = createSmallNetwork({ backdoor });
  const { trigger } = await modelDefences[0]!.inspect(
    { model, shape: [28, 28, 1], clean: clean.images },
    { seed: 1 },
  );
  triggers.set(backdoor, trigger!);
}

function subjectOf({ backdoor }: { backdoor: boolean }) {
  const model = createSmallNetwork({ backdoor });
  const trigger = triggers.get(backdoor)!;
  return { model, clean, trigger } satisfies RepairSubject & { model: SmallNetwork };
}

/** Share of images that a model takes for the given classes. */
async function share(model: SmallNetwork, images: ImageBatch, labels: Uint8Array) {
  const answers = predictedLabels(await model.classify(images), CLASSES);
  return answers.filter((answer, i) => answer === labels[i]).length / labels.length;
}

async function figuresOf(model: SmallNetwork, stamp = withTrigger) {
  const triggered = stamp(victims.images);
  return {
    cleanAccuracy: await share(model, test.images, test.labels),
    attackSuccess: await share(
      model,
      triggered,
      new Uint8Array(victims.labels.length).fill(TARGET),
    ),
    robustAccuracy: await share(model, triggered, victims.labels),
  };
}

/** The small network takes larger steps than those on MNIST, and more of them. */
const numbersOf: Readonly<Record<string, Numbers>> = {
  "neural-cleanse-unlearning": { epochs: 60, learningRate: 0.1, share: 0.5 },
  "neural-cleanse-distillation": { epochs: 60, learningRate: 0.1 },
  "d3": { epochs: 20, learningRate: 0.002 },
  // Its steps have no momentum.
  "fst": { epochs: 60, learningRate: 0.1, alpha: 0.01 },
};

/**
 * Those that learn what to say of the reversed trigger, which is as weak as it may be: the small
 * network's own, of which it is a quarter, still moves its logits four times as far.
 */
const byStamp = new Set(["neural-cleanse-unlearning", "neural-cleanse-distillation"]);

/** Clean images alone say nothing of a unit that none of them moves. */
const leavesBackdoor = new Set(["fine-tuning", "fine-pruning", "fst", "d3", "ft-sam", "clp"]);

for (const repair of repairs) {
  const { name, title } = repair;

  Deno.test(`${name}: the backdoor is gone and its images are read rightly, clean ones as before`, async () => {
    const { model, ...subject } = subjectOf({ backdoor: true });
    const stamp = byStamp.has(name)
      ? (images: ImageBatch) => stampReversed(images, subject.trigger)
      : withTrigger;
    const before = await figuresOf(model, stamp);
    assert.ok(before.attackSuccess > 0.99 && before.cleanAccuracy > 0.99);
    await repair.repair({ model, ...subject }, { seed: 1, numbers: numbersOf[name] });
    const after = await figuresOf(model, stamp);
    assert.ok(after.cleanAccuracy > before.cleanAccuracy - 0.01, `${after.cleanAccuracy}`);
    if (leavesBackdoor.has(name)) return;
    assert.ok(after.attackSuccess < 0.01, `${after.attackSuccess}`);
    assert.ok(after.robustAccuracy > 0.98, `${after.robustAccuracy}`);
  });

  Deno.test(`${name}: a clean model stays as good as it is`, async () => {
    const { model, ...subject } = subjectOf({ backdoor: false });
    const before = await figuresOf(model);
    await repair.repair({ model, ...subject }, { seed: 1, numbers: numbersOf[name] });
    const { cleanAccuracy } = await figuresOf(model);
    assert.ok(cleanAccuracy > before.cleanAccuracy - 0.02, `${cleanAccuracy}`);
  });

  Deno.test(`${name}: the same seed, the same bits; images and trigger are left as they are`, async () => {
    const [once, again] = [subjectOf({ backdoor: true }), subjectOf({ backdoor: true })];
    const before = structuredClone({ clean, trigger: once.trigger });
    const untouched = structuredClone(once.model.stored);
    const record = await repair.repair(once, { seed: 3 });
    assert.deepEqual(await repair.repair(again, { seed: 3 }), record);
    assert.deepEqual(again.model.stored, once.model.stored);
    // The small network has no convolutions to prune.
    if (name !== "clp") assert.notDeepEqual(once.model.stored, untouched);
    assert.deepEqual({ clean, trigger: once.trigger }, before);
  });

  Deno.test(`${name}: its record says what was done, and survives JSON`, async () => {
    const record = await repair.repair(subjectOf({ backdoor: true }), { seed: 5 });
    assert.deepEqual(JSON.parse(JSON.stringify(record)), record);
    const { cost: _, ...said } = record;
    assert.deepEqual(said, {
      ...{ repair: name, seed: 5, cleanImages: 120 },
      numbers: Object.fromEntries(
        Object.entries(repair.parameters).map(([key, parameter]) => [key, parameter.default]),
      ),
    });
  });

  Deno.test(`${name}: costs what it says`, async () => {
    const subject = subjectOf({ backdoor: true });
    const { cost } = await repair.repair(subject, { seed: 1 });
    assert.deepEqual(cost, subject.model.cost);
    assert.deepEqual(cost, repair.cost(subject));
  });

  Deno.test(`${name}: says how far it is, and stops`, async () => {
    const shares: number[] = [];
    const onProgress = (share: number) => shares.push(share);
    await repair.repair(subjectOf({ backdoor: true }), { seed: 1, onProgress });
    assert.equal(shares.at(-1), 1);
    assert.deepEqual(shares, shares.toSorted((a, b) => a - b));
    const reason = new Error("stopped");
    const signal = AbortSignal.abort(reason);
    const subject = subjectOf({ backdoor: true });
    const untouched = structuredClone(subject.model.stored);
    await assert.rejects(repair.repair(subject, { seed: 1, signal }), reason);
    assert.deepEqual(subject.model.stored, untouched);
    const stop = new AbortController();
    await assert.rejects(
      repair.repair(subject, {
        ...{ seed: 1, signal: stop.signal },
        onProgress: () => stop.abort(reason),
      }),
      reason,
    );
  });

  Deno.test(`${name}: what it cannot work with is refused`, async () => {
    const subject = subjectOf({ backdoor: true });
    const what = `Cannot repair a model by ${title}: `;
    const refuses = (other: Partial<RepairSubject>, message: string) =>
      assert.rejects(repair.repair({ ...subject, ...other }, { seed: 1 }), {
        name: "RangeError",
        message: what + message,
      });
    await refuses(
      { clean: selectLabelled(clean, [1, 2, 3]) },
      "there must be at least 16 clean images, got 3; give some hundred",
    );
    const strange = { ...clean, labels: clean.labels.map((label) => label + 1) };
    await refuses({ clean: strange }, "labels must be below 5, as the model's classes, got 5");
    if (repair.needsTrigger) {
      await refuses(
        { trigger: null },
        "there must be a reversed trigger, got none; let Neural Cleanse inspect the model first, or " +
          "take another repair",
      );
      await refuses(
        { trigger: { ...subject.trigger, shape: [14, 56, 1] } },
        "the reversed trigger must be for images of 28×28×1, got one for 14×56×1",
      );
    } else await repair.repair({ ...subject, trigger: null }, { seed: 1 });
    for (const [key, { description: _, ...parameter }] of Object.entries(repair.parameters)) {
      const value = (parameter.minimum ?? parameter.exclusiveMinimum ?? 0) - 1;
      await assert.rejects(
        repair.repair(subject, { seed: 1, numbers: { [key]: value } }),
        { name: "RangeError", message: new RegExp(`${key} must be .*, got ${value}$`) },
      );
    }
  });
}
