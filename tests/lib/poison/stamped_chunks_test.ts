import assert from "node:assert/strict";
import { createAttack, materialise, type Perturb, stampedChunks } from "../../../lib/poison/mod.ts";
import { createTrigger, type Trigger } from "../../../lib/trigger/mod.ts";
import { trainingSet } from "./training_set.ts";

Deno.test("chunks are what is copied at once, in order, the last one what is left", async () => {
  const clean = trainingSet([4, 5, 6]);
  clean.images.data.forEach((_, i) => clean.images.data[i] = (i % 100) / 100);
  const attack = createAttack("single-target", { trigger: createTrigger("pixel"), classes: 3 });
  const set = await attack.poison(clean, { rate: 0.4, seed: 1 });
  const whole = materialise(set);
  const chunks = [...stampedChunks(set, 7)];
  assert.deepEqual(chunks.map(({ first, labels }) => [first, labels.length]), [
    ...[[0, 7], [7, 7], [14, 7], [21, 4]],
  ]);
  assert.deepEqual(chunks.flatMap(({ images }) => [...images.data]), [...whole.images.data]);
  assert.deepEqual(chunks.flatMap(({ labels }) => [...labels]), [...whole.labels]);
});

Deno.test("a trigger is told of the same image in every chunk, perturbed or not", async () => {
  const stamped: number[][] = [];
  const trigger: Trigger = {
    ...createTrigger("pixel"),
    apply(images, { indices } = {}) {
      stamped.push(Array.from(indices ?? []));
      return images;
    },
  };
  const clean = trainingSet([8, 8]);
  const perturb: Perturb = (images) => Promise.resolve(images);
  for (const perturbation of [null, { perturb, manifest: { kind: "pgd" } } as const]) {
    const attack = createAttack("clean-label", { trigger, target: 1, classes: 2, perturbation });
    // The images are every third of a data set's.
    const indices = Uint32Array.from(clean.labels.keys(), (place) => 3 * place);
    const set = { ...await attack.poison(clean, { rate: 1, seed: 1 }), indices };
    const expected = [...set.poisoned.keys()].filter((row) => set.poisoned[row] === 1)
      .map((row) => 3 * row);
    stamped.length = 0;
    for (const _ of stampedChunks(set, 3));
    assert.deepEqual(stamped.flat(), expected);
    assert.ok(stamped.length > 1);
  }
});
