import assert from "node:assert/strict";
import { toNpy, toNpz } from "../../../../lib/data/mod.ts";
import {
  type DataJob,
  loadDefenderData,
  loadTrainingData,
  rowsOfDataset,
  rowsOfFile,
  rowsOfModel,
} from "../../../../lib/job/mod.ts";
import { materialise } from "../../../../lib/poison/mod.ts";
import type { ModelManifest } from "../../../../lib/registry/mod.ts";
import { describeTiny, describeTraining } from "../../registry/tiny_model.ts";
import { jobContext } from "../job_context.ts";

/** The manifest of a model that was trained on a job's data. */
async function trained(
  job: DataJob,
): Promise<{ manifest: ModelManifest; set: ReturnType<typeof materialise> }> {
  const { set } = await loadTrainingData(job, jobContext());
  const training = describeTraining({ seed: job.seed, trainImages: set.rows.length });
  const manifest: ModelManifest = {
    ...describeTiny({ dataset: "mnist", attack: set.manifest, training }),
    ...{ format: 1, name: "some", version: "1", createdAt: "2026-11-27T00:00:00Z" },
    weights: { sha256: "0".repeat(64), bytes: 1, chunks: 1 },
  };
  return { manifest, set: materialise(set) };
}

const job: DataJob = {
  ...{ dataset: "mnist", attack: "single-target", trigger: "pixel", source: "all", target: 3 },
  ...{ poisonRate: 0.2, seed: 7, limit: 300 },
};

Deno.test("the training set of a model is made again, row for row", async () => {
  for (
    const each of [job, { ...job, attack: "none", poisonRate: 0 }, { ...job, attack: "all-to-all" }]
  ) {
    const { manifest, set } = await trained(each);
    const { what, rows, poisoned } = await rowsOfModel(manifest, jobContext());
    assert.equal(what, "the training set of some");
    assert.deepEqual(rows.labels, set.labels);
    const count = set.labels.length;
    assert.deepEqual(rows.shape, [count, 28, 28, 1]);
    assert.deepEqual(rows.read(0, count), set.images);
    assert.deepEqual(rows.read(5, 7).data, set.images.data.slice(5 * 784, 7 * 784));
    assert.equal(poisoned!.reduce((sum, mark) => sum + mark), manifest.attack!.poisoned);
  }
});

Deno.test("a training set that a manifest does not tell of cannot be made again", async () => {
  const { manifest } = await trained(job);
  const again = (changes: Partial<ModelManifest>) =>
    rowsOfModel({ ...manifest, ...changes }, jobContext());
  await assert.rejects(again({ attack: null }), {
    name: "UsageError",
    message:
      /^Cannot make the training set of model "some" again: .*, got none; write the set out /,
  });
  const perturbation = { kind: "pgd" };
  await assert.rejects(
    again({ attack: { ...manifest.attack!, perturbation } }),
    /not perturbed, got perturbation pgd;/,
  );
  await assert.rejects(
    again({ training: describeTraining({ seed: 7, trainImages: 70_001 }) }),
    /must have 70001 rows, as its manifest says, got others;/,
  );
});

Deno.test("a data set's own rows are clean, and those of a file as it says", async () => {
  const { rows, poisoned } = await rowsOfDataset("mnist", jobContext());
  assert.deepEqual([rows.shape[0], poisoned!.includes(1)], [60_000, false]);
  const archive = toNpz({
    "x_train.npy": toNpy(Uint8Array.of(0, 255), [2, 1, 1, 1]),
    "y_train.npy": toNpy(Uint8Array.of(1, 0), [2]),
  });
  const found = rowsOfFile(archive, "two.npz");
  assert.deepEqual([found.what, found.poisoned], ["two.npz", null]);
  assert.deepEqual([...found.rows.read(1, 2).data, ...found.rows.labels], [1, 1, 0]);
});

Deno.test("a defender's images are of one half of the test set, and figures are on the other", async () => {
  const { dataset, clean, figures } = await loadDefenderData("mnist", { seed: 1 }, jobContext());
  assert.deepEqual([clean.labels.length, figures.labels.length], [600, 5000]);
  const [count] = dataset.test.images.shape;
  assert.equal(count, 10_000);
  const counts = Array.from(
    { length: 10 },
    (_, label) => clean.labels.filter((other) => other === label).length,
  );
  assert.deepEqual(counts, new Array(10).fill(60));
  await assert.rejects(loadDefenderData("mnist", { seed: 1, clean: 6000 }, jobContext()), {
    name: "UsageError",
    message:
      /^Cannot draw clean images: there must be at least 600 of class \d in the defender's half/,
  });
});
