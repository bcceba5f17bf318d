import assert from "node:assert/strict";
import fc from "fast-check";
import type { ImageBatch, LabelledImages } from "../../../lib/core/types.ts";
import {
  type Classifier,
  evaluateAttack,
  evaluateClean,
  predictedLabels,
} from "../../../lib/evaluate/mod.ts";

/** Images of one pixel, whose value is what the classifiers below see of them. */
function pixels(values: readonly number[], labels: readonly number[]): LabelledImages {
  return {
    images: { data: Float32Array.from(values), shape: [values.length, 1, 1, 1] },
    labels: Uint8Array.from(labels),
  };
}

/** A model that reads each image as the class that a function names. */
function reading(classes: number, read: (value: number) => number): Classifier {
  return ({ data }) => {
    const probabilities = new Float32Array(data.length * classes);
    data.forEach((value, i) => probabilities[i * classes + read(value)] = 1);
    return Promise.resolve(probabilities);
  };
}

/** A trigger that adds 10 to every value. */
const trigger = {
  apply: ({ data, shape }: ImageBatch): ImageBatch => ({ data: data.map((v) => v + 10), shape }),
};

Deno.test("accuracy, accuracy by class and confusion are those counted by hand", async () => {
  // The value is what each image is read as: one 0 is taken for 2, both 1s are right, one 2 for 1.
  const test = pixels([0, 0, 2, 1, 1, 2, 1, 2], [0, 0, 0, 1, 1, 2, 2, 2]);
  assert.deepEqual(await evaluateClean(reading(3, (value) => value), test), {
    cleanAccuracy: 6 / 8,
    perClass: [2 / 3, 1, 2 / 3],
    confusion: [[2, 0, 1], [0, 2, 0], [0, 1, 2]],
  });
});

Deno.test("a class without images has no accuracy", async () => {
  const { perClass } = await evaluateClean(reading(3, () => 0), pixels([0, 0], [0, 2]));
  assert.deepEqual(perClass, [1, null, 0]);
});

Deno.test("attack success counts images with a target only, with the trigger on them", async () => {
  const test = pixels([0, 1, 2, 1, 0], [0, 1, 2, 1, 0]);
  const seen: number[] = [];
  const classify = reading(3, (value) => {
    seen.push(value);
    // With the trigger, 1s are read as 0 and 2s as themselves.
    return value === 11 ? 0 : value - 10;
  });
  const attack = { trigger, targetOf: (label: number) => label === 0 ? null : 0 };
  assert.deepEqual(await evaluateAttack(classify, test, attack), {
    attackSuccessRate: 2 / 3,
    robustAccuracy: 1 / 3,
    victims: 3,
  });
  assert.deepEqual(seen, [11, 12, 11], "images of the target class are not looked at");
  assert.deepEqual([...test.images.data], [0, 1, 2, 1, 0], "the test set keeps no trigger");
});

Deno.test("all-to-all counts every image, the last class towards the first", async () => {
  const test = pixels([0, 1, 2, 2], [0, 1, 2, 2]);
  const attack = { trigger, targetOf: (label: number) => (label + 1) % 3 };
  // Read as 1, 2, 0 and 0: the attack succeeds on all; then the 1 resists.
  assert.deepEqual(await evaluateAttack(reading(3, (v) => (v - 9) % 3), test, attack), {
    attackSuccessRate: 1,
    robustAccuracy: 0,
    victims: 4,
  });
  const resisting = reading(3, (value) => value === 11 ? 1 : (value - 9) % 3);
  assert.deepEqual(await evaluateAttack(resisting, test, attack), {
    attackSuccessRate: 3 / 4,
    robustAccuracy: 1 / 4,
    victims: 4,
  });
});

Deno.test("of equally probable classes the first is predicted", () => {
  const probabilities = Float32Array.of(0.4, 0.4, 0.2, 0.2, 0.4, 0.4, 0, 0, 0);
  assert.deepEqual(predictedLabels(probabilities, 3), Uint8Array.of(0, 1, 0));
});

Deno.test("an answer that is no number is an error, not a class", async () => {
  const broken: Classifier = () => Promise.resolve(Float32Array.of(0, 1, NaN, 0));
  await assert.rejects(evaluateClean(broken, pixels([0, 1], [0, 1])), {
    name: "RangeError",
    message: /^Cannot read predictions: probabilities must be numbers, got NaN in row 1; /,
  });
});

Deno.test("an empty test set cannot be evaluated", async () => {
  await assert.rejects(evaluateClean(reading(2, () => 0), pixels([], [])), {
    name: "RangeError",
    message: "Cannot evaluate a model: the test set must have images, got none",
  });
});

Deno.test("an attack without a trigger or without victims cannot be evaluated", async () => {
  const test = pixels([0, 0], [0, 0]);
  const classify = reading(2, () => 0);
  await assert.rejects(evaluateAttack(classify, test, { trigger: null, targetOf: () => 1 }), {
    name: "RangeError",
    message: /got 2 such images and no trigger$/,
  });
  await assert.rejects(evaluateAttack(classify, test, { trigger, targetOf: () => null }), {
    name: "RangeError",
    message: /got 0 such images and a trigger$/,
  });
});

/** Test sets, what a model answers with and without the trigger, and whom the attack aims at. */
const evaluations = fc.integer({ min: 2, max: 5 }).chain((classes) =>
  fc.record({
    classes: fc.constant(classes),
    labels: fc.array(fc.nat(classes - 1), { minLength: 1, maxLength: 30 }),
    targets: fc.array(fc.option(fc.nat(classes - 1)), { minLength: classes, maxLength: classes }),
    // Few values, so that ties are common.
    scores: fc.array(fc.nat(3), { minLength: 60 * classes, maxLength: 60 * classes }),
  })
);

Deno.test("the figures are those of a naive count", () =>
  fc.assert(fc.asyncProperty(evaluations, async ({ classes, labels, targets, scores }) => {
    const scoresOf = (value: number) => {
      const row = value >= 1000 ? value - 1000 + 30 : value;
      return scores.slice(row * classes, (row + 1) * classes);
    };
    const classify: Classifier = ({ data }) =>
      Promise.resolve(Float32Array.from([...data].flatMap(scoresOf)));
    const read = (value: number) => {
      const row = scoresOf(value);
      return row.findIndex((score) => row.every((other) => other <= score));
    };
    const test = pixels([...labels.keys()], labels);

    const clean = await evaluateClean(classify, test);
    let right = 0;
    const confusion = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
    labels.forEach((label, i) => {
      if (read(i) === label) right++;
      confusion[label]![read(i)]!++;
    });
    assert.equal(clean.cleanAccuracy, right / labels.length);
    assert.deepEqual(clean.confusion, confusion);
    clean.perClass.forEach((accuracy, label) => {
      const own = labels.filter((other) => other === label).length;
      assert.equal(accuracy, own === 0 ? null : confusion[label]![label]! / own);
    });

    const attack = {
      trigger: {
        apply: ({ data, shape }: ImageBatch) => ({ data: data.map((v) => v + 1000), shape }),
      },
      targetOf: (label: number) => targets[label] ?? null,
    };
    const victims = [...labels.keys()].filter((i) => attack.targetOf(labels[i]!) !== null);
    if (victims.length === 0) {
      await assert.rejects(evaluateAttack(classify, test, attack), RangeError);
      return;
    }
    const hit = victims.filter((i) => read(i + 1000) === attack.targetOf(labels[i]!)).length;
    const kept = victims.filter((i) => read(i + 1000) === labels[i]).length;
    assert.deepEqual(await evaluateAttack(classify, test, attack), {
      attackSuccessRate: hit / victims.length,
      robustAccuracy: kept / victims.length,
      victims: victims.length,
    });
  })));
