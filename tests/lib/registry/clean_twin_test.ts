import assert from "node:assert/strict";
import { isCleanTwin } from "../../../lib/registry/clean_twin.ts";
import { createFixtureSource } from "../../../lib/registry/fixture_source.ts";
import type {
  ModelAttack,
  ModelDescription,
  ModelManifest,
  ModelTraining,
} from "../../../lib/registry/manifest.ts";
import { describeTiny, describeTraining, tinyAttack } from "./tiny_model.ts";

function manifestOf(changes: Partial<ModelDescription>): ModelManifest {
  return {
    format: 1,
    name: "model",
    version: "1",
    ...describeTiny(changes),
    weights: { sha256: "0".repeat(64), bytes: 1, chunks: 1 },
    createdAt: "2026-01-01T00:00:00.000Z",
  };
}

const training = describeTraining({ epochs: 3, batchSize: 128, trainImages: 60_000 });
const clean = manifestOf({ training });
/** Poisoned images were added to those of the clean model. */
const dirty = manifestOf({
  attack: { ...tinyAttack, poisoned: 6_667 },
  training: { ...training, trainImages: 66_667 },
});
/** Images of the target class were replaced. */
const subtle = manifestOf({
  attack: { ...tinyAttack, kind: "clean-label", poisoned: 2_961 },
  training,
});

Deno.test("a clean model that was trained alike is the twin, whether images were added or replaced", () => {
  const otherSeed = manifestOf({ training: { ...training, seed: 2, seconds: 9, history: [] } });
  for (const backdoored of [dirty, subtle]) {
    assert.ok(isCleanTwin(clean, backdoored));
    assert.ok(isCleanTwin(otherSeed, backdoored));
  }
});

const differences: readonly (readonly [what: string, changes: Partial<ModelTraining>])[] = [
  ["fewer images", { trainImages: 6_000 }],
  ["fewer epochs", { epochs: 1 }],
  ["another batch", { batchSize: 64 }],
  ["another recipe", { recipe: "article" }],
  ["another learning rate", { learningRateFactor: 0.5 }],
  ["another depth", { depth: 8 }],
  ["other data", { dataDigest: "1".repeat(64) }],
  ["moved images", { augmentation: { shift: 1, flip: false, order: "before trigger" } }],
];
for (const [what, changes] of differences) {
  Deno.test(`a clean model with ${what} is no twin`, () => {
    const other = manifestOf({ training: { ...training, ...changes } });
    assert.ok(!isCleanTwin(other, dirty) && !isCleanTwin(other, subtle));
  });
}

Deno.test("a model of another data set, network or size, or one that is not known to be clean, is no twin", () => {
  const others: Partial<ModelDescription>[] = [
    { dataset: "circles" },
    { architecture: "tall" },
    { input: [4, 1, 1] },
    { attack: null },
    { attack: tinyAttack },
    { training: null },
  ];
  for (const changes of others) {
    assert.ok(!isCleanTwin(manifestOf({ training, ...changes }), dirty));
  }
});

Deno.test("only a backdoored model has a clean twin", () => {
  const attacks: (ModelAttack | null)[] = [null, clean.attack];
  for (const attack of attacks) assert.ok(!isCleanTwin(clean, manifestOf({ training, attack })));
});

Deno.test("a learning rate that is not written down is the recipe's own", () => {
  const other = manifestOf({ training: { ...training, learningRateFactor: 1 } });
  assert.ok(isCleanTwin(other, dirty));
});

Deno.test("the bundled models are twins", async () => {
  const bundled = createFixtureSource(new URL("../../../fixtures/models/", import.meta.url));
  const models = await bundled.list();
  assert.ok(models.some((model) => models.some((other) => isCleanTwin(other, model))));
});
