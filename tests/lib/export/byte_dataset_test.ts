import assert from "node:assert/strict";
import { arrangeData } from "../../../lib/export/arrange_data.ts";
import { toByteDataset } from "../../../lib/export/byte_dataset.ts";
import { tinyData } from "./tiny_data.ts";

Deno.test("bytes come through, and poisoned rows carry the trigger", async () => {
  const data = arrangeData(await tinyData(), { seed: 1 });
  const { classes, train, test, triggered } = toByteDataset(data);
  const first = [...data.set.poisoned].indexOf(1);
  assert.deepEqual([classes, train.shape, first], [["a", "b", "c"], [5, 4, 4, 1], 3]);
  assert.deepEqual([...train.images.subarray(0, 48)], [...Array(48).keys()]);
  for (const row of [3, 4]) {
    const image = data.set.rows[row]!;
    const expected = Array.from({ length: 16 }, (_, pixel) => image * 16 + pixel);
    expected[15] = 255;
    assert.deepEqual([...train.images.subarray(row * 16, (row + 1) * 16)], expected);
  }
  assert.deepEqual([...train.poisoned], [0, 0, 0, 1, 1]);
  assert.deepEqual([...test.images], [...Array(48).keys()]);
  assert.ok(triggered !== null);
  const { images, shape, labels, targets, rows } = triggered;
  assert.deepEqual(shape, [2, 4, 4, 1]);
  assert.deepEqual([...images], [
    ...Array(15).keys(),
    255,
    ...Array(15).keys().map((i) => i + 32),
    255,
  ]);
  assert.deepEqual([rows, [...labels], [...targets]], [[0, 2], [2, 1], [0, 0]]);
});

Deno.test("values between two bytes go to the nearer one", async () => {
  const rows = Uint32Array.of(3);
  const data = Float32Array.from({ length: 16 }, (_, i) => (i + (i % 2 === 0 ? 0.4 : 0.6)) / 255);
  const set = {
    perturbed: {
      images: { data, shape: [1, 4, 4, 1] as const },
      originals: Uint32Array.of(0),
    },
    ...{ rows, labels: Uint8Array.of(1), poisoned: Uint8Array.of(0) },
  };
  const { train } = toByteDataset(arrangeData(await tinyData(set), { seed: 1 }));
  assert.deepEqual(
    [...train.images],
    Array.from({ length: 16 }, (_, i) => i % 2 === 0 ? i : i + 1),
  );
});

Deno.test("more rows than are stamped at a time are all written", async () => {
  const count = 2500;
  const set = {
    rows: new Uint32Array(count).map((_, row) => row % 3),
    labels: new Uint8Array(count),
    poisoned: new Uint8Array(count).map((_, row) => row % 2),
  };
  const { train } = toByteDataset(arrangeData(await tinyData(set), { seed: 1 }));
  assert.equal(train.images.length, count * 16);
  for (let row = 0; row < count; row++) {
    assert.equal(train.images[row * 16], row % 3 * 16);
    assert.equal(train.images[row * 16 + 15], row % 2 === 1 ? 255 : row % 3 * 16 + 15);
  }
});
