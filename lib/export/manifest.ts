/**
 * The manifest of a data set that was written out: what it is, and which rows are poisoned and how.
 *
 * @module
 */

import { type AttackManifest, indicesWhere } from "../poison/mod.ts";
import { indexAt } from "../core/training_set.ts";
import type { DataJob, TrainingData } from "../job/mod.ts";
import type { ArrangedData } from "./arrange_data.ts";

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

/** A test image that has a target, as it was written with the trigger. */
export interface TriggeredRow {
  /** In the test set that was written. */
  readonly row: number;
  /** In the original test set. */
  readonly image: number;
  /** Its true class. */
  readonly label: number;
  /** What the attacker wants it to be classified as. */
  readonly target: number;
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
  /** Number of original test images that were taken; `null` for all. */
  readonly limitTest: number | null;
  /** Whether the rows of the training set were shuffled. */
  readonly shuffled: boolean;
  /** What was done, the trigger included. */
  readonly attack: AttackManifest;
  /** Number of rows of each split. */
  readonly images: {
    readonly train: number;
    readonly test: number;
    /** Test images with the trigger. */
    readonly triggered: number;
  };
  readonly versions: { readonly edgedoor: string };
  /** Threads of a proxy's training, which its weights depend on; `null` if there was none. */
  readonly workers: number | null;
  /** SHA-256 of each file beside this one, or in the archive beside it. */
  readonly files: Readonly<Record<string, string>>;
  readonly poisonedRows: readonly PoisonedRow[];
  /** In the order of the images with the trigger. */
  readonly triggeredRows: readonly TriggeredRow[];
}

/**
 * Describes a data set that was written out.
 *
 * @param written.data The data.
 * @param written.job What was asked for.
 * @param written.workers Threads of each training that it took.
 * @param written.version This software's.
 * @param written.shuffled Whether its rows were shuffled.
 * @param written.files Digest of each file.
 */
export function describeDataset(
  { data, job, workers, version, shuffled, files }: {
    data: ArrangedData;
    job: DataJob;
    workers: number;
    version: string;
    shuffled: boolean;
    files: Readonly<Record<string, string>>;
  },
): DatasetManifest {
  const { dataset, set, test, triggered } = data;
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
    limitTest: test.labels.length < dataset.test.labels.length ? test.labels.length : null,
    shuffled,
    attack: set.manifest,
    images: {
      train: set.rows.length,
      test: test.labels.length,
      triggered: triggered?.rows.length ?? 0,
    },
    versions: { edgedoor: version },
    workers: job.perturbation?.kind === "pgd" ? workers : null,
    files,
    poisonedRows: poisonedRows(data),
    triggeredRows: triggeredRows(data),
  };
}

function triggeredRows({ triggered, testIndices }: ArrangedData): TriggeredRow[] {
  if (triggered === null) return [];
  const { rows, labels, targets } = triggered;
  return rows.map((row, i) => ({
    row,
    image: testIndices[row]!,
    label: labels[i]!,
    target: targets[i]!,
  }));
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
export function formatManifest(
  { files, poisonedRows, triggeredRows, ...fields }: DatasetManifest,
): string {
  const lines = Object.entries(fields).map(([name, value]) => line(name, JSON.stringify(value)));
  const digests = Object.entries(files).map(([path, digest]) =>
    `    ${JSON.stringify(path)}: ${JSON.stringify(digest)}`
  );
  const list = (rows: readonly object[]) =>
    `[\n${rows.map((row) => `    ${JSON.stringify(row)}`).join(",\n")}\n  ]`;
  lines.push(
    line("files", `{\n${digests.join(",\n")}\n  }`),
    line("poisonedRows", list(poisonedRows)),
    line("triggeredRows", list(triggeredRows)),
  );
  return `{\n${lines.join(",\n")}\n}\n`;
}

function line(name: string, json: string): string {
  return `  ${JSON.stringify(name)}: ${json}`;
}
