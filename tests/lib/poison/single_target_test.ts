import assert from "node:assert/strict";
import fc from "fast-check";
import { createAttack } from "../../../lib/poison/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";
import { trainingSet } from "./training_set.ts";

const trigger = createTrigger("pixel");
const counts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 3, maxLength: 10 });

Deno.test("source all poisons images of every class but the target, to the share asked for", async () => {
  await fc.assert(fc.asyncProperty(counts, fc.nat(2), fc.nat(), async (perClass, target, seed) => {
    const clean = trainingSet(perClass);
    const n = clean.labels.length;
    const attack = createAttack("single-target", { trigger, target, classes: perClass.length });
    const { rows, labels, manifest } = await attack.poison(clean, { rate: 0.5, seed });
    assert.equal(manifest.poisoned, n);
    assert.equal(rows.length, 2 * n);
    for (const [i, image] of rows.subarray(n).entries()) {
      assert.notEqual(clean.labels[image], target);
      assert.equal(labels[n + i], target);
    }
    assert.deepEqual(manifest, {
      kind: "single-target",
      trigger: { kind: "pixel", distance: 2, value: 1 },
      source: "all",
      target,
      targets: perClass.map((_, label) => label === target ? null : target),
      poisonRate: 0.5,
      poisoned: n,
      perturbation: null,
    });
  }));
});

Deno.test("one source class is the only one poisoned", async () => {
  const clean = trainingSet([50, 30, 20]);
  const attack = createAttack("single-target", { trigger, source: 2, target: 0, classes: 3 });
  const { rows, labels, manifest } = await attack.poison(clean, { rate: 0.1, seed: 5 });
  // 0.1 · 100 / 0.9 = 11.1
  assert.equal(manifest.poisoned, 11);
  assert.equal(manifest.source, 2);
  const poisoned = [...rows.subarray(100)];
  assert(poisoned.every((image) => clean.labels[image] === 2));
  assert.equal(new Set(poisoned).size, 11, "an image was drawn twice before all were drawn once");
  assert(labels.subarray(100).every((label) => label === 0));
});

Deno.test("targetOf is the target for source classes and null for the others", () => {
  const all = createAttack("single-target", { trigger, target: 1, classes: 3 });
  assert.deepEqual([0, 1, 2].map(all.targetOf), [1, null, 1]);
  const one = createAttack("single-target", { trigger, source: 2, target: 1, classes: 3 });
  assert.deepEqual([0, 1, 2].map(one.targetOf), [null, null, 1]);
});

Deno.test("other seeds draw other images", async () => {
  const clean = trainingSet([100, 100]);
  const attack = createAttack("single-target", { trigger, target: 0, classes: 2 });
  const sets = [1, 2, 3].map((seed) => attack.poison(clean, { rate: 0.1, seed }));
  const drawn = (await Promise.all(sets)).map(({ rows }) => rows.join());
  assert.equal(new Set(drawn).size, 3);
});

Deno.test("rate 0 poisons nothing", async () => {
  const clean = trainingSet([2, 2]);
  const attack = createAttack("single-target", { trigger, target: 0, classes: 2 });
  const set = await attack.poison(clean, { rate: 0, seed: 1 });
  assert.equal(set.rows.length, 4);
  assert.equal(set.trigger, null);
});

Deno.test("a set that the attack cannot poison is refused", async () => {
  const attack = createAttack("single-target", { trigger, source: 1, target: 0, classes: 3 });
  await assert.rejects(attack.poison(trainingSet([5, 0, 5]), { rate: 0.5, seed: 1 }), {
    name: "RangeError",
    message: /must hold images that the attack poisons, got none/,
  });
  await assert.rejects(attack.poison(trainingSet([5, 5, 5]), { rate: 0.01, seed: 1 }), {
    name: "RangeError",
    message: /rate must make at least one poisoned image of its 15, got 0.01; raise the rate/,
  });
  await assert.rejects(attack.poison(trainingSet([5, 5, 5]), { rate: 1, seed: 1 }), {
    name: "RangeError",
    message: /rate must be from 0 to below 1, got 1/,
  });
});

Deno.test("classes that do not exist, equal classes and no trigger are refused", () => {
  const refused = [
    [{ trigger, target: 10, classes: 10 }, /target must be an integer from 0 to 9, got 10/],
    [{ trigger, target: 0.5, classes: 10 }, /target must be an integer from 0 to 9, got 0.5/],
    [{ trigger, source: -1, classes: 10 }, /source must be an integer from 0 to 9, got -1/],
    [{ trigger, source: 3, target: 3, classes: 10 }, /source must be another class.*got 3 for/],
    [{ trigger: null, classes: 10 }, /trigger must be given, got none/],
  ] as const;
  for (const [options, message] of refused) {
    assert.throws(() => createAttack("single-target", options), { name: "RangeError", message });
  }
});
