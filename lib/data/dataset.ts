/**
 * What every data set is to the rest of the project.
 *
 * @module
 */

import type { PhaseEvent } from "../core/phase.ts";
import type { ChannelStatistics, ImageShape, LabelledImages } from "../core/types.ts";

/** A labelled image data set in memory, split as its authors split it. */
export interface Dataset {
  /** The name by which it is chosen, for example `"mnist"`. */
  readonly name: string;
  /** The name of each class, by label. */
  readonly labels: readonly string[];
  /** Shape of every image. */
  readonly shape: ImageShape;
  /** Of the training images, for networks that standardise; left out where they need not. */
  readonly statistics?: ChannelStatistics;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** SHA-256 over the SHA-256s of the files (uncompressed) it was read from, in a fixed order. */
  readonly digest: string;
}

/** A data set as it was read. */
export interface LoadedDataset extends Dataset {
  /**
   * One sentence for each file that is not byte for byte its authors' (only possible with
   * `dataDir`); empty otherwise. Training goes on: `digest` is over the files as they were.
   */
  readonly warnings: readonly string[];
}

/** Where to read a data set from. */
export interface LoadOptions {
  /** A folder with the original files, plain or gzipped; an installed package where left out. */
  readonly dataDir?: string;
  /** Told of what takes its time, such as a download. */
  readonly onEvent?: (event: PhaseEvent) => void;
  /** Stops a download; what is not whole is removed. */
  readonly signal?: AbortSignal;
}

/** An entry in the list of data sets (`definitions.ts`). */
export interface DatasetDefinition {
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  /** Of its images: grey or colour. */
  readonly channels: 1 | 3;
  /**
   * Reads the whole data set into memory.
   *
   * @throws {NotFoundError} If a file is missing; says where it was looked for and what to do.
   * @throws {IntegrityError} If a file is broken, does not hold what it should, or, from a package,
   * is not its authors'.
   */
  readonly load: (options?: LoadOptions) => Promise<LoadedDataset>;
}
