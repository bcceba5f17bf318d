/**
 * The list of repairs.
 *
 * @module
 */

import { clp } from "./clp.ts";
import { d3 } from "./d3.ts";
import { finePruning } from "./fine_pruning.ts";
import { fineTuning } from "./fine_tuning.ts";
import { fst } from "./fst.ts";
import { ftSam } from "./ft_sam.ts";
import { neuralCleanseDistillation } from "./neural_cleanse_distillation.ts";
import { neuralCleanseProjection, neuralCleanseRefit } from "./neural_cleanse_head.ts";
import { neuralCleanseUnlearning } from "./neural_cleanse_unlearning.ts";
import type { Repair } from "./repair.ts";

/** Every repair there is; a new one is one file and one line here. */
export const repairs: readonly Repair[] = [
  neuralCleanseRefit,
  neuralCleanseProjection,
  neuralCleanseDistillation,
  neuralCleanseUnlearning,
  d3,
  fst,
  ftSam,
  clp,
  finePruning,
  fineTuning,
];
