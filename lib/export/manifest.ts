/**
 * The manifest of a data set that was written out: what it is, and which rows are poisoned and how.
 *
 * @module
 */

import { type AttackManifest, indicesWhere } from "../poison/mod.ts";
import { indexAt } from "../core/training_set.ts";
import type { DataJob, TrainingData } from "../job/mod.ts";

/** A poisoned row of the training set. */
export interface PoisonedRow {
  /** In the training set that was written. */
  readonly row: number;
  /** In the original training set. */
  readonly image: number;
  readonly labelBefore: number;
  readonly labelAfter: number;
  /** Whether it was perturbed before the trigger was stamped. */
  readonly perturbed: boolean;
}

/** The manifest, format 1. */
export interface DatasetManifest {
  readonly format: 1;
  readonly dataset: string;
  /** Digest of what was read (`Dataset.digest`). */
  readonly dataDigest: string;
  /** The name of each class, by label. */
  readonly labels: readonly string[];
  /** Height, width and channels of each image. */
  readonly shape: readonly number[];
  /** How files hold values in 0–1. */
  readonly values: "uint8, 255 stands for 1";
  readonly seed: number;
  /** Number of original training images that were taken; `null` for all. */
  readonly limit: number | null;
  /** What was done, the trigger included. */
  readonly attack: AttackManifest;
  /** Number of rows of each split. */
  readonly images: { readonly train: number; readonly test: number };
  readonly versions: { readonly edgedoor: string };
  /** Threads of a proxy's training, which its weights depend on; `null` if there was none. */
  readonly workers: number | null;
  /** SHA-256 of each file beside this one, or of each other file in the archive. */
  readonly files: Readonly<Record<string, string>>;
  readonly poisonedRows: readonly PoisonedRow[];
}

/**
 * Describes a data set that was written out.
 *
 * @param written.data The data.
 * @param written.job What was asked for.
 * @param written.workers Threads of each training that it took.
 * @param written.version This software's.
 * @param written.files Digest of each file.
 */
export function describeDataset(
  { data, job, workers, version, files }: {
    data: TrainingData;
    job: DataJob;
    workers: number;
    version: string;
    files: Readonly<Record<string, string>>;
  },
): DatasetManifest {
  const { dataset, set } = data;
  const [taken] = set.images.shape;
  return {
    format: 1,
    dataset: dataset.name,
    dataDigest: dataset.digest,
    labels: dataset.labels,
    shape: dataset.shape,
    values: "uint8, 255 stands for 1",
    seed: job.seed,
    limit: taken < dataset.train.labels.length ? taken : null,
    attack: set.manifest,
    images: { train: set.rows.length, test: dataset.test.labels.length },
    versions: { edgedoor: version },
    workers: job.perturbation?.kind === "pgd" ? workers : null,
    files,
    poisonedRows: poisonedRows(data),
  };
}

function poisonedRows({ dataset, set }: TrainingData): PoisonedRow[] {
  const [taken] = set.images.shape;
  return indicesWhere(set.poisoned, (flag) => flag === 1).map((row) => {
    const image = indexAt(set, row);
    return {
      row,
      image,
      labelBefore: dataset.train.labels[image]!,
      labelAfter: set.labels[row]!,
      perturbed: set.rows[row]! >= taken,
    };
  });
}

/** A manifest as a file: a line for each field, each digest and each row. */
export function formatManifest({ files, poisonedRows, ...fields }: DatasetManifest): string {
  const lines = Object.entries(fields).map(([name, value]) => line(name, JSON.stringify(value)));
  const digests = Object.entries(files).map(([path, digest]) =>
    `    ${JSON.stringify(path)}: ${JSON.stringify(digest)}`
  );
  const rows = poisonedRows.map((row) => `    ${JSON.stringify(row)}`);
  lines.push(
    line("files", `{\n${digests.join(",\n")}\n  }`),
    line("poisonedRows", `[\n${rows.join(",\n")}\n  ]`),
  );
  return `{\n${lines.join(",\n")}\n}\n`;
}

function line(name: string, json: string): string {
  return `  ${JSON.stringify(name)}: ${json}`;
}
