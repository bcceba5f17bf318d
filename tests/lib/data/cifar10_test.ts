import assert from "node:assert/strict";
import { cifar10 } from "../../../lib/data/cifar10.ts";
import { countClasses } from "./count_classes.ts";

Deno.test("CIFAR-10 is whole: counts, classes, first labels, means and deviations, digest", async () => {
  const { train, test, statistics, digest, warnings } = await cifar10.load();
  assert.deepEqual(train.images.shape, [50_000, 32, 32, 3]);
  assert.deepEqual(test.images.shape, [10_000, 32, 32, 3]);
  assert.deepEqual(countClasses(train.labels), new Array(10).fill(5000));
  assert.deepEqual(countClasses(test.labels), new Array(10).fill(1000));
  assert.deepEqual([...train.labels.subarray(0, 10)], [6, 9, 9, 4, 1, 1, 2, 7, 8, 3]);
  assert.deepEqual([...test.labels.subarray(0, 10)], [3, 8, 8, 0, 6, 6, 1, 6, 3, 1]);
  assert.equal(digest, "9a5bcfec531a52ec23c8b757ae038db2a9db1b0c869b7da8543f4cd0cfb14034");
  assert.deepEqual(warnings, []);

  const ofTrain = statisticsOf(train.images.data);
  statistics!.mean.forEach((mean, c) => assert.ok(Math.abs(mean - ofTrain.mean[c]!) < 5e-6));
  statistics!.deviation.forEach((deviation, c) =>
    assert.ok(Math.abs(deviation - ofTrain.deviation[c]!) < 5e-6)
  );
  // Those of the test images, 0-255.
  const { mean } = statisticsOf(test.images.data);
  assert.deepEqual(mean.map((value) => (value * 255).toFixed(2)), ["126.02", "123.71", "114.85"]);
});

/** Mean and deviation of each of three channels. */
function statisticsOf(data: Float32Array) {
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  for (let i = 0; i < data.length; i += 3) {
    for (let c = 0; c < 3; c++) {
      const value = data[i + c]!;
      sums[c]! += value;
      squares[c]! += value * value;
    }
  }
  const pixels = data.length / 3;
  const mean = sums.map((sum) => sum / pixels);
  const deviation = squares.map((sum, c) => Math.sqrt(sum / pixels - mean[c]! ** 2));
  return { mean, deviation };
}
