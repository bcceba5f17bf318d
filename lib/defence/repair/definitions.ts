/**
 * The list of repairs.
 *
 * @module
 */

import { finePruning } from "./fine_pruning.ts";
import { fineTuning } from "./fine_tuning.ts";
import { fst } from "./fst.ts";
import { neuralCleanseProjection, neuralCleanseRefit } from "./neural_cleanse_head.ts";
import { neuralCleanseUnlearning } from "./neural_cleanse_unlearning.ts";
import type { Repair } from "./repair.ts";

/** Every repair there is; a new one is one file and one line here. */
export const repairs: readonly Repair[] = [
  neuralCleanseRefit,
  neuralCleanseProjection,
  neuralCleanseUnlearning,
  fst,
  finePruning,
  fineTuning,
];
