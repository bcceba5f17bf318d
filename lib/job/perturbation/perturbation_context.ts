/**
 * What perturbations are made with.
 *
 * @module
 */

import type { LabelledImages } from "../../core/types.ts";
import type { LoadedDataset } from "../../data/mod.ts";
import type { JobContext } from "../context.ts";
import type { NetworkJob } from "../job.ts";

/** What a perturbation is made with. */
export interface PerturbationContext {
  readonly dataset: LoadedDataset;
  /** The training images that the attack is on, as they are. */
  readonly clean: LabelledImages;
  /** Network and recipe of a proxy. */
  readonly network: NetworkJob;
  readonly seed: number;
  /** How the job runs. */
  readonly context: JobContext;
}
