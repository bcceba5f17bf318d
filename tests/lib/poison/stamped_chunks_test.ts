import assert from "node:assert/strict";
import { createAttack, materialise, stampedChunks } from "../../../lib/poison/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";
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
