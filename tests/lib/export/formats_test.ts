import assert from "node:assert/strict";
import { readIdx } from "../../../lib/data/idx.ts";
import { decodeImage } from "../../../lib/image/mod.ts";
import type { ByteDataset } from "../../../lib/export/format.ts";
import { datasetFormats } from "../../../lib/export/formats.ts";

/** Three training images, the last one poisoned, and eleven test images, of eleven classes; the last has a target. */
function tiny(channels: number): ByteDataset {
  const bytes = (count: number) => Uint8Array.from({ length: count * 6 * channels }, (_, i) => i);
  return {
    classes: Array.from("abcdefghijk"),
    train: {
      images: bytes(3),
      shape: [3, 2, 3, channels],
      labels: Uint8Array.of(10, 2, 2),
      poisoned: Uint8Array.of(0, 0, 1),
    },
    test: {
      images: bytes(11),
      shape: [11, 2, 3, channels],
      labels: Uint8Array.of(7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 10),
    },
    triggered: {
      images: bytes(1).map((byte) => byte + 100),
      shape: [1, 2, 3, channels],
      labels: Uint8Array.of(10),
      targets: Uint8Array.of(3),
      rows: [10],
    },
  };
}

/** What NumPy reads of an array before its values. */
const arrayHeader = /'descr': '(.*?)'.*'shape': (\(.*?\))/;

/** The files of a format, by path. */
function filesOf(name: string, dataset: ByteDataset): Map<string, Uint8Array<ArrayBuffer>> {
  const format = datasetFormats.find((candidate) => candidate.name === name);
  assert.ok(format !== undefined);
  return new Map([...format.files(dataset)].map(({ path, bytes }) => [path, bytes]));
}

Deno.test("npz: arrays by Keras's names, which rows are poisoned, and what the trigger stands on", () => {
  const files = filesOf("npz", tiny(3));
  const shapes = [...files].map(([path, bytes]) => [
    path,
    ...arrayHeader.exec(new TextDecoder("latin1").decode(bytes))!.slice(1),
  ]);
  assert.deepEqual(shapes, [
    ["x_train.npy", "|u1", "(3,2,3,3,)"],
    ["y_train.npy", "|u1", "(3,)"],
    // A mask: numbers would be taken for indices.
    ["poisoned_train.npy", "|b1", "(3,)"],
    ["x_test.npy", "|u1", "(11,2,3,3,)"],
    ["y_test.npy", "|u1", "(11,)"],
    ["x_test_triggered.npy", "|u1", "(1,2,3,3,)"],
    ["y_test_triggered.npy", "|u1", "(1,)"],
    ["target_test_triggered.npy", "|u1", "(1,)"],
    ["row_test_triggered.npy", "<u4", "(1,)"],
  ]);
  const last = (path: string, bytes: number) => [...files.get(path)!.slice(-bytes)];
  assert.deepEqual(last("poisoned_train.npy", 3), [0, 0, 1]);
  assert.deepEqual(last("y_test_triggered.npy", 1), [10]);
  assert.deepEqual(last("target_test_triggered.npy", 1), [3]);
  assert.deepEqual(last("row_test_triggered.npy", 4), [10, 0, 0, 0]);
});

Deno.test("idx: MNIST's four files, and what the trigger stands on", () => {
  const dataset = tiny(1);
  const { train, test, triggered } = dataset;
  const read = [...filesOf("idx", dataset)].map(([name, bytes]) => {
    const { shape, data } = readIdx(bytes, { name });
    return [name, shape, [...data]];
  });
  assert.deepEqual(read, [
    ["train-images-idx3-ubyte", [3, 2, 3], [...train.images]],
    ["train-labels-idx1-ubyte", [3], [10, 2, 2]],
    ["t10k-images-idx3-ubyte", [11, 2, 3], [...test.images]],
    ["t10k-labels-idx1-ubyte", [11], [...test.labels]],
    ["t10k-triggered-images-idx3-ubyte", [1, 2, 3], [...triggered!.images]],
    ["t10k-triggered-labels-idx1-ubyte", [1], [10]],
    ["t10k-triggered-targets-idx1-ubyte", [1], [3]],
  ]);
});

for (const channels of [1, 3]) {
  Deno.test(`png: an image of ${channels} channels a file, in its class's folder, by its row`, () => {
    const dataset = tiny(channels);
    const files = filesOf("png", dataset);
    const paths = [...files.keys()];
    assert.deepEqual(paths.slice(0, 5), [
      ...["train/k/0.png", "train/c/1.png", "train/c/2.png", "test/h/00.png", "test/b/01.png"],
    ]);
    assert.deepEqual(paths.slice(-2), ["test/k/10.png", "test_triggered/k/10.png"]);
    const raster = decodeImage(files.get("train/c/1.png")!);
    assert.deepEqual([raster.height, raster.width, raster.channels], [2, 3, channels]);
    const size = 6 * channels;
    assert.deepEqual([...raster.data], [...dataset.train.images.subarray(size, 2 * size)]);
    const { data } = decodeImage(files.get("test_triggered/k/10.png")!);
    assert.deepEqual([...data], [...dataset.triggered!.images]);
  });
}

for (const { name, channels } of datasetFormats) {
  Deno.test(`${name}: every image is counted once, and where nothing is stamped there is no more`, () => {
    const dataset = { ...tiny(channels[0]!), triggered: null };
    const format = datasetFormats.find((candidate) => candidate.name === name)!;
    const count = [...format.files(dataset)].reduce((sum, { images = 0 }) => sum + images, 0);
    assert.equal(count, 3 + 11);
    assert.equal([...format.files(dataset)].some(({ path }) => path.includes("triggered")), false);
  });
}
