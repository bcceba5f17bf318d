/**
 * The formats in which a data set is written out.
 *
 * @module
 */

import { type NpyType, toIdx, toNpy } from "../data/mod.ts";
import { encodePng } from "../image/mod.ts";
import { classFolders } from "./class_folders.ts";
import type { ByteDataset, ByteImages, DatasetFile, DatasetFormat } from "./format.ts";

/** NumPy's arrays, named as Keras names them. */
const npz: DatasetFormat = {
  name: "npz",
  summary: "NumPy's archive: x_train, y_train, poisoned_train (a mask), x_test, y_test; with the " +
    "trigger, x_test_triggered, its true y_test_triggered, target_test_triggered, row_test_triggered",
  container: "npz",
  channels: [1, 3],
  *files({ train, test, triggered }) {
    yield imageArray("x_train.npy", train);
    yield { path: "y_train.npy", bytes: vector(train.labels) };
    yield { path: "poisoned_train.npy", bytes: vector(train.poisoned, "bool") };
    yield imageArray("x_test.npy", test);
    yield { path: "y_test.npy", bytes: vector(test.labels) };
    if (triggered === null) return;
    const { labels, targets, rows } = triggered;
    yield imageArray("x_test_triggered.npy", triggered);
    yield { path: "y_test_triggered.npy", bytes: vector(labels) };
    yield { path: "target_test_triggered.npy", bytes: vector(targets) };
    yield { path: "row_test_triggered.npy", bytes: vector(Uint32Array.from(rows)) };
  },
};

/** The four files of MNIST and its relatives. */
const idx: DatasetFormat = {
  name: "idx",
  summary:
    "a folder with the four files that MNIST has, and t10k-triggered-images, its true -labels " +
    "and its -targets; grey images only",
  container: "folder",
  channels: [1],
  *files({ train, test, triggered }) {
    yield* idxFiles("train", train);
    yield* idxFiles("t10k", test);
    if (triggered === null) return;
    yield* idxFiles("t10k-triggered", triggered);
    const { targets } = triggered;
    yield { path: "t10k-triggered-targets-idx1-ubyte", bytes: toIdx(targets, [targets.length]) };
  },
};

function* idxFiles(
  split: string,
  { images, labels, shape: [count, height, width] }: ByteImages,
): Generator<DatasetFile> {
  const bytes = toIdx(images, [count, height, width]);
  yield { path: `${split}-images-idx3-ubyte`, bytes, images: count };
  yield { path: `${split}-labels-idx1-ubyte`, bytes: toIdx(labels, [count]) };
}

/** Files that anybody can look at, in folders that image loaders read. */
const png: DatasetFormat = {
  name: "png",
  summary:
    "a folder with a PNG file for each image: train/CLASS/ROW.png, test/CLASS/ROW.png and, with " +
    "the trigger, under its true class, test_triggered/CLASS/ROW.png",
  container: "folder",
  channels: [1, 3],
  *files({ classes, train, test, triggered }: ByteDataset) {
    const folders = classFolders(classes);
    yield* pngFiles(train, { split: "train", folders });
    yield* pngFiles(test, { split: "test", folders });
    if (triggered === null) return;
    // At the path that the image has in `test`.
    const { rows } = triggered;
    const count = test.labels.length;
    yield* pngFiles(triggered, { split: "test_triggered", folders, rows, count });
  },
};

/** Where the PNG files of a split go. */
interface PngPlaces {
  readonly split: string;
  /** A folder for each class. */
  readonly folders: readonly string[];
  /** The number of each image; its row if left out. */
  readonly rows?: readonly number[];
  /** What all numbers are below; the number of images if left out. */
  readonly count?: number;
}

/** Rows are padded with zeros, so that in alphabetical order they are in order. */
function* pngFiles(
  { images, labels, shape: [length, ...shape] }: ByteImages,
  { split, folders, rows, count = length }: PngPlaces,
): Generator<DatasetFile> {
  const size = shape[0] * shape[1] * shape[2];
  const digits = String(count - 1).length;
  for (const [i, label] of labels.entries()) {
    const bytes = images.subarray(i * size, (i + 1) * size);
    const row = String(rows?.[i] ?? i).padStart(digits, "0");
    yield {
      path: `${split}/${folders[label]}/${row}.png`,
      bytes: encodePng({ data: Float32Array.from(bytes, (byte) => byte / 255), shape }),
      images: 1,
    };
  }
}

/** The images of a split as an array. */
function imageArray(path: string, { images, shape }: ByteImages): DatasetFile {
  return { path, bytes: toNpy(images, shape), images: shape[0] };
}

/** An array of one dimension. */
function vector(values: Uint8Array | Uint32Array, type?: NpyType): Uint8Array<ArrayBuffer> {
  return toNpy(values, [values.length], type);
}

/** Every format there is. */
export const datasetFormats: readonly DatasetFormat[] = [npz, idx, png];
