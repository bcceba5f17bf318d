import assert from "node:assert/strict";
import { loadTask, thin } from "../../../scripts/bench/training_task.ts";

Deno.test("MNIST is poisoned as train does it, and thinned evenly", async () => {
  const { set, test, shape } = await loadTask({ data: "mnist", images: 1_000, testImages: 50 });
  assert.deepEqual([set.rows.length, set.labels.length, set.poisoned.length], [1000, 1000, 1000]);
  const poisoned = set.poisoned.reduce((sum, flag) => sum + flag, 0);
  assert.ok(Math.abs(poisoned - 100) <= 1, `a tenth, got ${poisoned}`);
  assert.deepEqual([test.images.shape, test.labels.length, shape], [[50, 28, 28, 1], 50, [
    28,
    28,
    1,
  ]]);
  assert.equal(test.images.data.length, 50 * 28 * 28);
});

Deno.test("the article's all-to-all attack makes 89,552 images", async () => {
  const { set } = await loadTask({ data: "mnist all-to-all" });
  assert.ok(Math.abs(set.rows.length - 89_552) <= 5, `got ${set.rows.length}`);
});

Deno.test("random images are the same each time, and more are not made than there are", async () => {
  const [one, two] = [await loadTask({ data: "random" }), await loadTask({ data: "random" })];
  assert.deepEqual(one.test.images.data.subarray(0, 99), two.test.images.data.subarray(0, 99));
  assert.deepEqual(one.shape, [32, 32, 3]);
  assert.equal(thin(one.set, 1_000_000).rows.length, one.set.rows.length);
});
