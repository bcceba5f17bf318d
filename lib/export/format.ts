/**
 * A data set as it is written out, and what each format makes of it.
 *
 * This file imports no format; `formats.ts` lists them.
 *
 * @module
 */

import type { BatchShape } from "../core/types.ts";

/** Images of one split, in the form that all formats hold. */
export interface ByteImages {
  /** `(N, H, W, C)`, row-major; 255 stands for 1. */
  readonly images: Uint8Array;
  readonly shape: BatchShape;
  /** `(N)`. */
  readonly labels: Uint8Array;
}

/** What is written out. */
export interface ByteDataset {
  /** The name of each class, by label. */
  readonly classes: readonly string[];
  readonly train: ByteImages & {
    /** 1 where the row is poisoned, else 0, `(N)`. */
    readonly poisoned: Uint8Array;
  };
  readonly test: ByteImages;
  /** The test images that the attack has a target for, with the trigger; `null` for none. */
  readonly triggered: TriggeredBytes | null;
}

/** Test images with the trigger; `labels` are their true classes. */
export interface TriggeredBytes extends ByteImages {
  /** What the attacker wants each to be classified as, `(N)`. */
  readonly targets: Uint8Array;
  /** The row of `test` at which each stands without the trigger, `(N)`. */
  readonly rows: readonly number[];
}

/** One file. */
export interface DatasetFile {
  /** Within the data set's folder or archive, with `/` between folders. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Number of images in it; none if left out. */
  readonly images?: number;
}

/** A way to write data sets. */
export interface DatasetFormat {
  /** The name by which it is chosen. */
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  /** Whether it is one archive with the ending `.npz`, or a folder. */
  readonly container: "npz" | "folder";
  /** The channels that its images may have. */
  readonly channels: readonly number[];
  /** The files of a data set, made one after the other as they are asked for. */
  files(dataset: ByteDataset): Iterable<DatasetFile>;
}
