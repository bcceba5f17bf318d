/**
 * Data sets published in MNIST's form: four IDX files, images and labels of a training and a test
 * set.
 *
 * @module
 */

import { sha256 } from "../core/digest.ts";
import { IntegrityError } from "../core/errors.ts";
import type { ImageShape, LabelledImages } from "../core/types.ts";
import type { DatasetDefinition, LoadedDataset, LoadOptions } from "./dataset.ts";
import { readDataFile } from "./read_data_file.ts";
import { type IdxArray, readIdx } from "./idx.ts";

/** The four files, in the order in which they are digested. */
export const IDX_FILES = [
  "train-images-idx3-ubyte",
  "train-labels-idx1-ubyte",
  "t10k-images-idx3-ubyte",
  "t10k-labels-idx1-ubyte",
] as const;

/** What a data set of four IDX files must be, and where it is. */
export interface IdxDataset {
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  /** The name of each class, by label. */
  readonly labels: readonly string[];
  /** Shape of every image; IDX images are grey. */
  readonly shape: readonly [height: number, width: number, channels: 1];
  /** Number of images in each split. */
  readonly counts: { readonly train: number; readonly test: number };
  /** SHA-256 of each of the authors' files, uncompressed. */
  readonly digests: Readonly<Record<typeof IDX_FILES[number], string>>;
  /** Finds the package that brings the files, or fetches it; called when they are read. */
  readonly findPackage: (options: LoadOptions) => FoundPackage | Promise<FoundPackage>;
}

/** A package that brings the files. */
export interface FoundPackage {
  readonly directory: string;
  /** What to do if that folder lacks a file or holds another one. */
  readonly remedy: string;
}

/**
 * Makes the entry in the list of data sets for four IDX files.
 *
 * Files given with `dataDir` may differ from the authors' (a corrected or relabelled set, say): each
 * that does adds a warning, and the digest of the data set, which every manifest records, tells it
 * from the original. Shape, counts and label range are checked all the same.
 */
export function defineIdxDataset(dataset: IdxDataset): DatasetDefinition {
  const { name, summary } = dataset;
  return { name, summary, channels: 1, load: (options) => loadIdxDataset(dataset, options) };
}

async function loadIdxDataset(
  dataset: IdxDataset,
  { dataDir, ...options }: LoadOptions = {},
): Promise<LoadedDataset> {
  const { directory, remedy } = dataDir === undefined ? await dataset.findPackage(options) : {
    directory: dataDir,
    remedy: `put the four original files of ${dataset.name} there, or leave out the data folder`,
  };

  const warnings: string[] = [];
  const read = async (fileName: typeof IDX_FILES[number]) => {
    const { path, bytes } = await readDataFile(directory, {
      name: fileName,
      // What some tools unpack it to.
      otherNames: [fileName.replace("-idx", ".idx")],
      remedy,
    });
    const array = readIdx(bytes, { name: path });
    const digest = await sha256(bytes);
    const expected = dataset.digests[fileName];
    if (digest !== expected) {
      const difference = `its SHA-256 must be ${expected} to be the authors' file, got ${digest}`;
      if (dataDir === undefined) {
        throw new IntegrityError(`Cannot use ${path}: ${difference}; ${remedy}`);
      }
      warnings.push(`${path} is not the original: ${difference}`);
    }
    return { path, array, digest };
  };
  const trainImages = await read(IDX_FILES[0]);
  const trainLabels = await read(IDX_FILES[1]);
  const testImages = await read(IDX_FILES[2]);
  const testLabels = await read(IDX_FILES[3]);

  const { labels, shape, counts } = dataset;
  const digests = [trainImages, trainLabels, testImages, testLabels].map((file) => file.digest);
  return {
    name: dataset.name,
    labels,
    shape,
    train: toLabelledImages(trainImages, trainLabels, { shape, count: counts.train, labels }),
    test: toLabelledImages(testImages, testLabels, { shape, count: counts.test, labels }),
    digest: await sha256(new TextEncoder().encode(digests.join(""))),
    warnings,
  };
}

interface IdxFile {
  readonly path: string;
  readonly array: IdxArray;
}

function toLabelledImages(
  images: IdxFile,
  labels: IdxFile,
  expected: { shape: ImageShape; count: number; labels: readonly string[] },
): LabelledImages {
  const [height, width, channels] = expected.shape;
  requireShape(images, [expected.count, height, width]);
  requireShape(labels, [expected.count]);
  const classes = expected.labels.length;
  const wrong = labels.array.data.findIndex((label) => label >= classes);
  if (wrong >= 0) {
    throw new IntegrityError(
      `Cannot use ${labels.path}: label ${wrong} must be from 0 to ${classes - 1}, ` +
        `got ${labels.array.data[wrong]}; put the original file in its place`,
    );
  }
  return {
    images: {
      data: toUnitRange(images.array.data),
      shape: [expected.count, height, width, channels],
    },
    // A copy, so that the file's bytes are not kept alive.
    labels: labels.array.data.slice(),
  };
}

/** Values 0–255 as 0–1, each the float32 nearest to `value / 255`. */
function toUnitRange(bytes: Uint8Array): Float32Array {
  const values = new Float32Array(bytes.length);
  // A plain loop: `Float32Array.from` with a function takes seconds for 47 million values.
  for (let i = 0; i < bytes.length; i++) values[i] = bytes[i]! / 255;
  return values;
}

function requireShape({ path, array }: IdxFile, shape: readonly number[]): void {
  if (array.shape.length === shape.length && array.shape.every((n, i) => n === shape[i])) return;
  throw new IntegrityError(
    `Cannot use ${path}: its shape must be ${shape.join(" × ")}, got ${array.shape.join(" × ")}; ` +
      "put the original file in its place",
  );
}
