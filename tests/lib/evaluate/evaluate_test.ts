import assert from "node:assert/strict";
import fc from "fast-check";
import type { ImageBatch, LabelledImages } from "../../../lib/core/types.ts";
import { type Classifier, evaluate, evaluateClean } from "../../../lib/evaluate/mod.ts";

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

Deno.test("attack success counts images with a target only, each seen once with the trigger", async () => {
  const test = pixels([0, 1, 2, 1, 0], [0, 1, 2, 1, 0]);
  const seen: number[] = [];
  const classify = reading(3, (value) => {
    seen.push(value);
    // With the trigger, 1s are read as 0 and 2s as themselves.
    return value === 11 ? 0 : value % 10;
  });
  const attack = { trigger, targetOf: (label: number) => label === 0 ? null : 0 };
  const { clean, attack: figures } = await evaluate(classify, test, attack);
  assert.equal(clean.cleanAccuracy, 1);
  assert.deepEqual(figures, {
    attackSuccessRate: 2 / 3,
    robustAccuracy: 1 / 3,
    victims: 3,
    flipRate: 2 / 3,
    flippable: 3,
    pairs: [
      {
        ...{ source: 1, target: 0, attackSuccessRate: 1, robustAccuracy: 0, victims: 2 },
        ...{ flipRate: 1, flippable: 2 },
      },
      {
        ...{ source: 2, target: 0, attackSuccessRate: 0, robustAccuracy: 1, victims: 1 },
        ...{ flipRate: 0, flippable: 1 },
      },
    ],
    triggeredConfusion: [[0, 0, 0], [2, 0, 0], [0, 0, 1]],
  });
  assert.deepEqual(seen, [0, 1, 2, 1, 0, 11, 12, 11], "the target's own images get no trigger");
  assert.deepEqual([...test.images.data], [0, 1, 2, 1, 0], "the test set keeps no trigger");
});

Deno.test("what is read as the target without the trigger is no success of the flip rate", async () => {
  // The value is what an image is read as without the trigger: one 1 is taken for 0 anyway.
  const test = pixels([0, 1, 1, 0], [1, 1, 1, 0]);
  const attack = { trigger, targetOf: (label: number) => label === 0 ? null : 0 };
  const always = reading(2, (value) => value % 10 === 1 && value < 10 ? 1 : 0);
  const { attack: figures } = await evaluate(always, test, attack);
  assert.deepEqual([figures?.victims, figures?.flippable], [3, 2]);
  const resisting = reading(2, (value) => value % 10);
  const { attack: resisted } = await evaluate(resisting, test, attack);
  assert.equal(resisted?.attackSuccessRate, 1 / 3);
  assert.equal(resisted?.flipRate, 0);
});

Deno.test("where all are read as the target without the trigger there is no flip rate", async () => {
  const attack = { trigger, targetOf: (label: number) => label === 0 ? null : 0 };
  const { attack: figures } = await evaluate(reading(2, () => 0), pixels([1, 1], [1, 0]), attack);
  assert.deepEqual([figures?.attackSuccessRate, figures?.flipRate, figures?.flippable], [
    ...[1, null, 0],
  ]);
});

Deno.test("all-to-all counts every image, the last class towards the first", async () => {
  const test = pixels([0, 1, 2, 2], [0, 1, 2, 2]);
  const attack = { trigger, targetOf: (label: number) => (label + 1) % 3 };
  // Read as 1, 2, 0 and 0: the attack succeeds on all; then the 1 resists.
  const read = (value: number) => value < 10 ? value : (value - 9) % 3;
  const { attack: figures } = await evaluate(reading(3, read), test, attack);
  assert.deepEqual(
    [figures?.attackSuccessRate, figures?.robustAccuracy, figures?.victims],
    [1, 0, 4],
  );
  assert.deepEqual(figures?.triggeredConfusion, [[0, 1, 0], [0, 0, 1], [2, 0, 0]]);
  assert.deepEqual(figures?.pairs.map(({ source, target }) => [source, target]), [
    ...[[0, 1], [1, 2], [2, 0]],
  ]);
  const resisting = reading(3, (value) => value === 11 ? 1 : read(value));
  const { attack: resisted } = await evaluate(resisting, test, attack);
  assert.deepEqual([resisted?.attackSuccessRate, resisted?.robustAccuracy], [3 / 4, 1 / 4]);
  assert.equal(resisted?.pairs[1]?.robustAccuracy, 1);
});

Deno.test("an evaluation is a document as it is", async () => {
  const attack = { trigger, targetOf: (label: number) => label === 0 ? null : 0 };
  const evaluation = await evaluate(reading(3, (v) => v % 3), pixels([0, 1], [0, 1]), attack);
  assert.deepEqual(JSON.parse(JSON.stringify(evaluation)), evaluation);
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

Deno.test("without a trigger there is no attack to evaluate", async () => {
  const test = pixels([0, 0], [0, 0]);
  const { clean, attack } = await evaluate(reading(2, () => 0), test, {
    trigger: null,
    targetOf: () => null,
  });
  assert.deepEqual([clean.cleanAccuracy, attack], [1, null]);
});

Deno.test("an attack without victims cannot be evaluated", async () => {
  const test = pixels([0, 0], [0, 0]);
  await assert.rejects(evaluate(reading(2, () => 0), test, { trigger, targetOf: () => null }), {
    name: "RangeError",
    message: /^Cannot evaluate an attack: the test set must have images that .*, got none$/,
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

    const { clean } = await evaluate(classify, test, { trigger: null, targetOf: () => null });
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
      await assert.rejects(evaluate(classify, test, attack), RangeError);
      return;
    }
    const naive = (some: readonly number[]) => {
      const target = (i: number) => attack.targetOf(labels[i]!);
      const hit = (i: number) => read(i + 1000) === target(i);
      const flippable = some.filter((i) => read(i) !== target(i));
      return {
        attackSuccessRate: some.filter(hit).length / some.length,
        robustAccuracy: some.filter((i) => read(i + 1000) === labels[i]).length / some.length,
        victims: some.length,
        flipRate: flippable.length > 0 ? flippable.filter(hit).length / flippable.length : null,
        flippable: flippable.length,
      };
    };
    const { attack: figures } = await evaluate(classify, test, attack);
    assert.ok(figures !== null);
    const { pairs, triggeredConfusion, ...overall } = figures;
    assert.deepEqual(overall, naive(victims));
    const sources = [...new Set(victims.map((i) => labels[i]!))].sort((a, b) => a - b);
    assert.deepEqual(
      pairs,
      sources.map((source) => ({
        source,
        target: attack.targetOf(source),
        ...naive(victims.filter((i) => labels[i] === source)),
      })),
    );
    const triggered = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
    for (const i of victims) triggered[labels[i]!]![read(i + 1000)]!++;
    assert.deepEqual(triggeredConfusion, triggered);
  })));
