import assert from "node:assert/strict";
import { arrangeData, type ArrangedData } from "../../../lib/export/arrange_data.ts";
import { describeDataset, formatManifest } from "../../../lib/export/manifest.ts";
import type { DataJob } from "../../../lib/job/mod.ts";
import { tinyData } from "./tiny_data.ts";

const job: DataJob = {
  dataset: "tiny",
  attack: "single-target",
  trigger: "pixel",
  source: "all",
  target: 0,
  poisonRate: 0.4,
  seed: 1,
  limit: 3,
};
const files = { "a": "0a", "b/c": "0b" };
const written = { job, workers: 1, version: "0.2.0", shuffled: false, files };

async function arranged(...change: Parameters<typeof tinyData>): Promise<ArrangedData> {
  return arrangeData(await tinyData(...change), { seed: 1 });
}

function describe(
  data: ArrangedData,
  change: Partial<Parameters<typeof describeDataset>[0]> = {},
) {
  return describeDataset({ data, ...written, ...change });
}

Deno.test("each poisoned row says where it comes from and what it was labelled", async () => {
  const data = await arranged();
  const { poisonedRows, attack, images, limit } = describe(data);
  // Images 0 and 1 of the three that were taken are of other classes than the target.
  assert.deepEqual(
    poisonedRows.toSorted((a, b) => a.image - b.image).map(({ row: _, ...rest }) => rest),
    [
      { image: 1, labelBefore: 1, labelAfter: 0, perturbed: false },
      { image: 4, labelBefore: 2, labelAfter: 0, perturbed: false },
    ],
  );
  for (const { row, image } of poisonedRows) {
    assert.equal(data.set.indices?.[data.set.rows[row]!], image);
  }
  assert.deepEqual(poisonedRows.map(({ row }) => row), [3, 4]);
  assert.deepEqual(attack.trigger, { kind: "pixel", distance: 1, value: 1 });
  assert.deepEqual([images, limit], [{ train: 5, test: 3, triggered: 2 }, 3]);
  // However many were asked for: all of them is no limit.
  const { train } = data.dataset;
  const three = { ...train, labels: train.labels.slice(0, 3) };
  const all = {
    ...data,
    dataset: { ...data.dataset, train: three },
    set: { ...data.set, indices: undefined },
  };
  const whole = describe(all, { job: { ...job, limit: 100 } });
  assert.equal(whole.limit, null);
});

Deno.test("a perturbed row stands in the place of its original", async () => {
  const data = await arranged({
    perturbed: {
      images: { data: new Float32Array(32), shape: [2, 4, 4, 1] },
      originals: Uint32Array.of(2, 0),
    },
    rows: Uint32Array.of(4, 1, 3),
    labels: Uint8Array.of(2, 1, 0),
    poisoned: Uint8Array.of(1, 0, 1),
  });
  const { poisonedRows } = describe(data);
  assert.deepEqual(poisonedRows, [
    { row: 0, image: 4, labelBefore: 2, labelAfter: 2, perturbed: true },
    { row: 2, image: 0, labelBefore: 0, labelAfter: 0, perturbed: true },
  ]);
});

Deno.test("each image with the trigger says where it stands without, its class and its target", async () => {
  const { triggeredRows, limitTest, shuffled } = describe(await arranged());
  assert.deepEqual(triggeredRows, [
    { row: 0, image: 0, label: 2, target: 0 },
    { row: 2, image: 2, label: 1, target: 0 },
  ]);
  assert.deepEqual([limitTest, shuffled], [null, false]);
});

Deno.test("its file is JSON with a line for each row", async () => {
  const manifest = describe(await arranged());
  const text = formatManifest(manifest);
  assert.deepEqual(JSON.parse(text), manifest);
  assert.deepEqual(manifest.versions, { edgedoor: "0.2.0" });
  assert.match(text, /\n {4}{"row":3,.*},\n {4}{"row":4,.*}\n/);
  assert.match(text, /\n {4}{"row":0,"image":0,"label":2,"target":0},\n {4}{"row":2,.*}\n/);
  const clean = { ...manifest, poisonedRows: [], triggeredRows: [] };
  assert.deepEqual(JSON.parse(formatManifest(clean)), clean);
});
