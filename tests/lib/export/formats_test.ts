import assert from "node:assert/strict";
import { readIdx } from "../../../lib/data/idx.ts";
import { decodeImage } from "../../../lib/image/mod.ts";
import type { ByteDataset } from "../../../lib/export/format.ts";
import { datasetFormats } from "../../../lib/export/formats.ts";

/** Three training images, the last one poisoned, and one test image, of eleven classes. */
function tiny(channels: number): ByteDataset {
  const bytes = (count: number) => Uint8Array.from({ length: count * 6 * channels }, (_, i) => i);
  return {
    classes: 11,
    train: {
      images: bytes(3),
      shape: [3, 2, 3, channels],
      labels: Uint8Array.of(10, 2, 2),
      poisoned: Uint8Array.of(0, 0, 1),
    },
    test: { images: bytes(1), shape: [1, 2, 3, channels], labels: Uint8Array.of(7) },
  };
}

/** The files of a format, by path. */
function filesOf(name: string, dataset: ByteDataset): Map<string, Uint8Array<ArrayBuffer>> {
  const format = datasetFormats.find((candidate) => candidate.name === name);
  assert.ok(format !== undefined);
  return new Map([...format.files(dataset)].map(({ path, bytes }) => [path, bytes]));
}

Deno.test("npz: arrays by Keras's names, and which rows are poisoned", () => {
  const files = filesOf("npz", tiny(3));
  const shapes = [...files].map(([path, bytes]) => [
    path,
    /'descr': '(.*?)'.*'shape': (\(.*?\))/.exec(new TextDecoder("latin1").decode(bytes))!.slice(1),
  ]);
  assert.deepEqual(shapes, [
    ["x_train.npy", ["|u1", "(3,2,3,3,)"]],
    ["y_train.npy", ["|u1", "(3,)"]],
    ["poisoned_train.npy", ["|u1", "(3,)"]],
    ["x_test.npy", ["|u1", "(1,2,3,3,)"]],
    ["y_test.npy", ["|u1", "(1,)"]],
  ]);
  assert.deepEqual([...files.get("poisoned_train.npy")!.slice(-3)], [0, 0, 1]);
});

Deno.test("idx: MNIST's four files", () => {
  const dataset = tiny(1);
  const read = [...filesOf("idx", dataset)].map(([name, bytes]) => {
    const { shape, data } = readIdx(bytes, { name });
    return [name, shape, [...data]];
  });
  assert.deepEqual(read, [
    ["train-images-idx3-ubyte", [3, 2, 3], [...dataset.train.images]],
    ["train-labels-idx1-ubyte", [3], [10, 2, 2]],
    ["t10k-images-idx3-ubyte", [1, 2, 3], [...dataset.test.images]],
    ["t10k-labels-idx1-ubyte", [1], [7]],
  ]);
});

for (const channels of [1, 3]) {
  Deno.test(`png: an image of ${channels} channels a file, in its label's folder, by its row`, () => {
    const dataset = tiny(channels);
    const files = filesOf("png", dataset);
    assert.deepEqual([...files.keys()], [
      ...["train/10/0.png", "train/02/1.png", "train/02/2.png", "test/07/0.png"],
    ]);
    const raster = decodeImage(files.get("train/02/1.png")!);
    assert.deepEqual([raster.height, raster.width, raster.channels], [2, 3, channels]);
    const size = 6 * channels;
    assert.deepEqual([...raster.data], [...dataset.train.images.subarray(size, 2 * size)]);
  });
}
