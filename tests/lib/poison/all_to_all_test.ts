import assert from "node:assert/strict";
import fc from "fast-check";
import { createAttack } from "../../../lib/poison/mod.ts";
import { poisonedCount } from "../../../lib/poison/poisoned_count.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";
import { trainingSet } from "./training_set.ts";

const trigger = createTrigger("pixel");

Deno.test("each class gives its own share, labelled as the next class", async () => {
  const counts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 10 });
  const rates = fc.double({ min: 0.4, max: 0.9, noNaN: true });
  await fc.assert(fc.asyncProperty(counts, rates, fc.nat(), async (perClass, rate, seed) => {
    const classes = perClass.length;
    const clean = trainingSet(perClass);
    const n = clean.labels.length;
    const attack = createAttack("all-to-all", { trigger, classes });
    const { rows, labels, manifest } = await attack.poison(clean, { rate, seed });
    const drawn = Array<number>(classes).fill(0);
    rows.subarray(n).forEach((image, i) => {
      const label = clean.labels[image]!;
      drawn[label] = drawn[label]! + 1;
      assert.equal(labels[n + i], (label + 1) % classes);
    });
    assert.deepEqual(drawn, perClass.map((count) => poisonedCount(rate, count)));
    assert.deepEqual(manifest, {
      kind: "all-to-all",
      trigger: { kind: "pixel", distance: 2, value: 1 },
      source: "all",
      target: null,
      targets: perClass.map((_, label) => (label + 1) % classes),
      poisonRate: rate,
      poisoned: rows.length - n,
      perturbation: null,
    });
  }));
});

Deno.test("targetOf goes round: the last class to the first", () => {
  const attack = createAttack("all-to-all", { trigger, classes: 10 });
  const classes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
  assert.deepEqual(classes.map(attack.targetOf), [1, 2, 3, 4, 5, 6, 7, 8, 9, 0]);
});

Deno.test("a class without images gives none", async () => {
  const attack = createAttack("all-to-all", { trigger, classes: 3 });
  const { rows, labels } = await attack.poison(trainingSet([4, 0, 4]), { rate: 0.5, seed: 1 });
  assert.equal(rows.length, 16);
  assert(!labels.subarray(8).includes(2), "an image was labelled as the class after the empty one");
});

Deno.test("a rate too low for a single image, and no trigger, are refused", async () => {
  const attack = createAttack("all-to-all", { trigger, classes: 3 });
  await assert.rejects(attack.poison(trainingSet([4, 4, 4]), { rate: 0.1, seed: 1 }), {
    name: "RangeError",
    message: /rate must make at least one poisoned image of its 12, got 0.1/,
  });
  assert.throws(() => createAttack("all-to-all", { trigger: null, classes: 3 }), {
    name: "RangeError",
    message: "Cannot make attack all-to-all: trigger must be given, got none",
  });
});
