import assert from "node:assert/strict";
import { createAttack } from "../../../lib/poison/mod.ts";
import { createTrigger } from "../../../lib/trigger/mod.ts";
import { trainingSet } from "./training_set.ts";

Deno.test("no attack poisons nothing and says so, whatever it is given", async () => {
  const attack = createAttack("none", { trigger: createTrigger("pixel"), target: 3, classes: 10 });
  const clean = trainingSet([3, 2]);
  const set = await attack.poison(clean, { rate: 0.5, seed: 1 });
  assert.equal(attack.trigger, null);
  assert.equal(attack.targetOf(0), null);
  assert.deepEqual([...set.rows], [0, 1, 2, 3, 4]);
  assert.deepEqual(set.labels, clean.labels);
  assert.deepEqual(set.manifest, {
    kind: "none",
    trigger: null,
    source: "all",
    target: null,
    targets: Array(10).fill(null),
    poisonRate: 0,
    poisoned: 0,
    perturbation: null,
  });
});
