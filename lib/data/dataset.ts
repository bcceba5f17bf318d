/**
 * What every data set is to the rest of the project.
 *
 * @module
 */

import type { ImageShape, LabelledImages } from "../core/types.ts";

/** A labelled image data set in memory, split as its authors split it. */
export interface Dataset {
  /** The name by which it is chosen, for example `"mnist"`. */
  readonly name: string;
  /** The name of each class, by label. */
  readonly labels: readonly string[];
  /** Shape of every image. */
  readonly shape: ImageShape;
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** SHA-256 over the SHA-256s of the files that it was read from, in a fixed order. */
  readonly digest: string;
}
