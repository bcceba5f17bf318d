import assert from "node:assert/strict";
import fc from "fast-check";
import { indexAt } from "../../../lib/core/training_set.ts";
import { arrangeData } from "../../../lib/export/arrange_data.ts";
import { tinyData } from "./tiny_data.ts";

Deno.test("where nothing is asked, all rows stand in their order, those that are poisoned last", async () => {
  const data = await tinyData();
  const { set, test, testIndices, triggered } = arrangeData(data, { seed: 1 });
  assert.equal(set, data.set);
  assert.equal(test, data.dataset.test);
  assert.deepEqual([...testIndices], [0, 1, 2]);
  assert.deepEqual(triggered?.rows, [0, 2]);
  assert.deepEqual([...set.poisoned], [0, 0, 0, 1, 1]);
});

Deno.test("shuffled rows are the same rows, by the seed in the same order", () =>
  fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 2 ** 32 - 1 }), async (seed) => {
    const data = await tinyData();
    const rowsOf = ({ set }: { set: typeof data.set }) =>
      Array.from(
        set.rows,
        (_, row) => `${indexAt(set, row)} ${set.labels[row]} ${set.poisoned[row]}`,
      );
    const shuffled = arrangeData(data, { seed, shuffle: true });
    assert.deepEqual(rowsOf(shuffled).toSorted(), rowsOf(data).toSorted());
    assert.deepEqual(rowsOf(arrangeData(data, { seed, shuffle: true })), rowsOf(shuffled));
  })));

Deno.test("some seed puts a poisoned row before a clean one", async () => {
  const data = await tinyData();
  const orders = Array.from(
    { length: 20 },
    (_, seed) => [...arrangeData(data, { seed, shuffle: true }).set.poisoned].join(""),
  );
  assert.ok(new Set(orders).size > 1, orders.join());
});

Deno.test("fewer test images are some of them, and know which they are", async () => {
  const data = await tinyData();
  const { test, testIndices, triggered } = arrangeData(data, { seed: 3, limitTest: 2 });
  assert.equal(new Set(testIndices).size, 2);
  const { images, labels } = data.dataset.test;
  for (const [row, image] of testIndices.entries()) {
    assert.equal(test.labels[row], labels[image]);
    assert.deepEqual(
      test.images.data.slice(row * 16, (row + 1) * 16),
      images.data.slice(image * 16, (image + 1) * 16),
    );
  }
  assert.deepEqual([...triggered!.labels], [...test.labels].filter((label) => label !== 0));
  const all = arrangeData(data, { seed: 3, limitTest: 100 });
  assert.equal(all.test, data.dataset.test);
});
