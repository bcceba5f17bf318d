import assert from "node:assert/strict";
import { fashionMnist } from "../../../lib/data/fashion_mnist.ts";
import { countClasses } from "./count_classes.ts";

Deno.test("Fashion-MNIST from Debian's package is whole", async () => {
  const { train, test, digest, warnings } = await fashionMnist.load();
  assert.deepEqual(train.images.shape, [60_000, 28, 28, 1]);
  assert.deepEqual(countClasses(train.labels), Array(10).fill(6_000));
  assert.deepEqual(countClasses(test.labels), Array(10).fill(1_000));
  assert.deepEqual([...train.labels.subarray(0, 4)], [9, 0, 0, 3]);
  assert.equal(digest, "d1fd84a877f3b78fa9a171b3de73f93e7b6f69ed94bada3feae9d96821401f5c");
  assert.deepEqual(warnings, []);
});
