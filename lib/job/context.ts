/**
 * How a job runs: all that is no part of what it comes to.
 *
 * @module
 */

import type { Json, LabelledImages } from "../core/types.ts";
import type { Perturb } from "../poison/mod.ts";
import type { OnEvent } from "./events.ts";
import type { Runtime } from "./runtime.ts";

/**
 * Makes a perturbation remember what it has perturbed, for other jobs that have the same key.
 *
 * @param about.key All that perturbed images depend on but the images.
 * @param about.clean The training images, as they are.
 */
export type Remember = (
  perturb: Perturb,
  about: { readonly key: Json; readonly clean: LabelledImages },
) => Perturb;

/** What is handed to a job. */
export interface JobContext {
  readonly runtime: Runtime;
  readonly onEvent: OnEvent;
  /** Stops the job. */
  readonly signal: AbortSignal;
  /** A folder with the data set's original files on this machine; the package's if left out. */
  readonly dataDir?: string;
  /** Whether each epoch is evaluated, not the last one alone; default true. */
  readonly evaluateEpochs?: boolean;
  readonly remember?: Remember;
}
