import assert from "node:assert/strict";
import fc from "fast-check";
import type { ImageBatch } from "../../../lib/core/types.ts";
import { createAttack, materialise, type Perturb } from "../../../lib/poison/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";
import { trainingSet } from "./training_set.ts";

const trigger = createTrigger("pixel");
const counts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 3, maxLength: 10 });
const rates = fc.double({ min: 0, max: 1, noNaN: true });

function indicesOf(flags: Uint8Array): number[] {
  return [...flags.keys()].filter((row) => flags[row] === 1);
}

Deno.test("without replacement, floor(rate · n) images of the target class are poisoned, each once", async () => {
  await fc.assert(
    fc.asyncProperty(counts, rates, fc.nat(2), fc.nat(), async (perClass, rate, target, seed) => {
      const count = Math.floor(rate * perClass[target]!);
      fc.pre(count > 0);
      const clean = trainingSet(perClass);
      const attack = createAttack("clean-label", {
        trigger,
        target,
        classes: perClass.length,
        withReplacement: false,
      });
      const set = await attack.poison(clean, { rate, seed });
      const poisoned = indicesOf(set.poisoned);
      assert.equal(poisoned.length, count);
      assert.ok(poisoned.every((row) => clean.labels[row] === target));
      assert.deepEqual(set.labels, clean.labels);
      assert.deepEqual([...set.rows], [...clean.labels.keys()]);
      assert.deepEqual(set.manifest, {
        kind: "clean-label",
        trigger: trigger.manifest,
        source: "all",
        target,
        targets: perClass.map((_, label) => label === target ? null : target),
        poisonRate: rate,
        poisoned: count,
        perturbation: { kind: "none" },
        withReplacement: false,
      });
    }),
  );
});

Deno.test("with replacement, as ART draws, images that are drawn again make fewer", async () => {
  const clean = trainingSet([2000, 10]);
  const attack = createAttack("clean-label", { trigger, classes: 2 });
  const set = await attack.poison(clean, { rate: 0.5, seed: 1 });
  const poisoned = indicesOf(set.poisoned);
  assert.equal(set.manifest.poisoned, poisoned.length);
  assert.equal(set.manifest.withReplacement, true);
  // 1 − e^(−1/2) of the class.
  assert.ok(Math.abs(poisoned.length / 2000 - 0.393) < 0.03, `${poisoned.length}`);
  assert.ok(poisoned.every((row) => clean.labels[row] === 0));
});

Deno.test("what is selected is perturbed, stands in its place, and is stamped behind that", async () => {
  const clean = trainingSet([4, 4, 4]);
  clean.images.data.forEach((_, i) => clean.images.data[i] = Math.floor(i / 16) / 100);
  const asked: { images: ImageBatch; labels: Uint8Array; indices: Uint32Array }[] = [];
  const perturb: Perturb = (images, labels, { indices }) => {
    asked.push({ images, labels, indices });
    return Promise.resolve({ ...images, data: images.data.map((value) => value + 0.5) });
  };
  const manifest = { kind: "pgd", eps: 5 } as const;
  const attack = createAttack("clean-label", {
    trigger,
    target: 2,
    classes: 3,
    withReplacement: false,
    perturbation: { perturb, manifest },
  });
  const before = structuredClone(clean);
  const set = await attack.poison(clean, { rate: 0.5, seed: 1 });
  assert.deepEqual(clean, before);
  assert.equal(asked.length, 1);
  const [{ images, labels, indices }] = asked as [typeof asked[0]];
  assert.deepEqual([...labels], [2, 2]);
  assert.deepEqual([...indices], indicesOf(set.poisoned));
  indices.forEach((row, k) => assert.equal(images.data[k * 16], clean.images.data[row * 16]));
  assert.deepEqual(set.manifest.perturbation, manifest);
  const { data } = materialise(set).images;
  clean.labels.forEach((_, row) => {
    const isPoisoned = set.poisoned[row] === 1;
    const value = row / 100 + (isPoisoned ? 0.5 : 0);
    const expected = new Float32Array(16).fill(value);
    if (isPoisoned) expected[2 * 4 + 2] = 1;
    data.subarray(row * 16, (row + 1) * 16).forEach((actual, i) =>
      assert.ok(Math.abs(actual - expected[i]!) < 1e-6, `row ${row}, ${i}: ${actual}`)
    );
  });
});

Deno.test("triggered images of all classes but the target are to be read as the target", () => {
  const attack = createAttack("clean-label", { trigger, target: 1, classes: 3 });
  assert.deepEqual([0, 1, 2].map(attack.targetOf), [1, null, 1]);
});

Deno.test("rate 0 poisons nothing, and asks for no perturbation", async () => {
  const perturb = () => Promise.reject(new Error("not asked for"));
  const perturbation = { perturb, manifest: { kind: "pgd" } } as const;
  const attack = createAttack("clean-label", { trigger, classes: 2, perturbation });
  const set = await attack.poison(trainingSet([3, 3]), { rate: 0, seed: 1 });
  assert.equal(set.trigger, null);
  assert.equal(set.manifest.poisoned, 0);
});

Deno.test("a rate out of range or too low, a class without images and no trigger are refused", async () => {
  const attack = createAttack("clean-label", { trigger, classes: 3 });
  const refused = [
    [[5, 5, 5], 1.1, /rate must be from 0 to 1, got 1.1/],
    [[5, 5, 5], 0.1, /rate must make at least one poisoned image of the target class's 5, got 0.1/],
    [[0, 5, 5], 0.5, /of the target class's 0, got 0.5/],
  ] as const;
  for (const [perClass, rate, message] of refused) {
    await assert.rejects(attack.poison(trainingSet(perClass), { rate, seed: 1 }), {
      name: "RangeError",
      message,
    });
  }
  assert.throws(
    () => createAttack("clean-label", { trigger: null, classes: 3 }),
    /trigger must be given/,
  );
  assert.throws(
    () => createAttack("clean-label", { trigger, target: 3, classes: 3 }),
    /target must be/,
  );
});
