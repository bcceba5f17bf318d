/** `poison()` against `PoisoningAttackBackdoor` of the Adversarial Robustness Toolbox. */

import assert from "node:assert/strict";
import { type LabelRows, poison } from "../../lib/poison/mod.ts";
import { createTrigger } from "../../lib/trigger/mod.ts";
import { readCases, type StoredArray, toImages } from "./vectors.ts";

interface PoisonCase {
  readonly triggers: readonly string[];
  readonly labels: StoredArray;
  readonly broadcast: boolean;
  readonly images: StoredArray;
  readonly attacked: StoredArray;
  readonly attackLabels: StoredArray;
}

function toRows({ shape: [rows = 0, classes = 0], data }: StoredArray): LabelRows {
  return { data: Float32Array.from(data), shape: [rows, classes] };
}

for (const each of await readCases<PoisonCase>("poison")) {
  const labels = `${each.broadcast ? "one label for all" : "a label for each"}`;
  Deno.test(`ART's poison: ${each.triggers.join(", then ")}, ${labels}`, () => {
    const { attacked, attackLabels } = poison(toImages(each.images), toRows(each.labels), {
      perturbation: each.triggers.map((kind) => createTrigger(kind).apply),
      broadcast: each.broadcast,
    });
    assert.deepEqual(attacked, toImages(each.attacked));
    assert.deepEqual(attackLabels, toRows(each.attackLabels));
  });

  Deno.test(`one trigger of several does the same: ${each.triggers.join(", then ")}`, () => {
    const { apply } = createTrigger(each.triggers.join(","));
    assert.deepEqual(apply(toImages(each.images)), toImages(each.attacked));
  });
}
