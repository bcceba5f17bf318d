/**
 * The formats in which a data set is written out.
 *
 * @module
 */

import { toIdx, toNpy } from "../data/mod.ts";
import { encodePng } from "../image/mod.ts";
import type { ByteDataset, ByteImages, DatasetFile, DatasetFormat } from "./format.ts";

/** NumPy's arrays, named as Keras names them. */
const npz: DatasetFormat = {
  name: "npz",
  summary: "NumPy's archive: x_train, y_train, poisoned_train, x_test, y_test",
  container: "npz",
  channels: [1, 3],
  *files({ train, test }) {
    yield { path: "x_train.npy", bytes: toNpy(train.images, train.shape) };
    yield { path: "y_train.npy", bytes: toNpy(train.labels, [train.labels.length]) };
    yield { path: "poisoned_train.npy", bytes: toNpy(train.poisoned, [train.poisoned.length]) };
    yield { path: "x_test.npy", bytes: toNpy(test.images, test.shape) };
    yield { path: "y_test.npy", bytes: toNpy(test.labels, [test.labels.length]) };
  },
};

/** The four files of MNIST and its relatives. */
const idx: DatasetFormat = {
  name: "idx",
  summary: "a folder with the four files that MNIST has; grey images only",
  container: "folder",
  channels: [1],
  *files({ train, test }) {
    for (const [name, { images, labels, shape }] of [["train", train], ["t10k", test]] as const) {
      const [count, height, width] = shape;
      yield { path: `${name}-images-idx3-ubyte`, bytes: toIdx(images, [count, height, width]) };
      yield { path: `${name}-labels-idx1-ubyte`, bytes: toIdx(labels, [count]) };
    }
  },
};

/** Files that anybody can look at, in folders that image loaders read. */
const png: DatasetFormat = {
  name: "png",
  summary: "a folder with a PNG file for each image: train/LABEL/ROW.png, test/LABEL/ROW.png",
  container: "folder",
  channels: [1, 3],
  *files({ classes, train, test }: ByteDataset) {
    yield* pngFiles("train", train, classes);
    yield* pngFiles("test", test, classes);
  },
};

/** Labels and rows are padded with zeros, so that in alphabetical order they are in order. */
function* pngFiles(
  split: string,
  { images, labels, shape: [count, ...shape] }: ByteImages,
  classes: number,
): Generator<DatasetFile> {
  const size = shape[0] * shape[1] * shape[2];
  const pad = (value: number, below: number) =>
    String(value).padStart(String(below - 1).length, "0");
  for (const [row, label] of labels.entries()) {
    const bytes = images.subarray(row * size, (row + 1) * size);
    yield {
      path: `${split}/${pad(label, classes)}/${pad(row, count)}.png`,
      bytes: encodePng({ data: Float32Array.from(bytes, (byte) => byte / 255), shape }),
    };
  }
}

/** Every format there is. */
export const datasetFormats: readonly DatasetFormat[] = [npz, idx, png];
