/**
 * The papers' experiments.
 *
 * @module
 */

import { article } from "./papers/article.ts";
import { badnets } from "./papers/badnets.ts";
import { cleanLabel } from "./papers/clean_label.ts";
import type { Experiment } from "./cell.ts";

export type { Cell, CellFile, Experiment, ExperimentOptions } from "./cell.ts";
export { openCellStore } from "./cell_store.ts";
export { planCell, type PlannedCell } from "./plan_cell.ts";
export { type ExperimentPlan, planExperiments, type PlanOptions } from "./plan_experiments.ts";
export {
  readResults,
  resultsOf,
  resultsPath,
  takeResults,
  writeResults,
} from "./results_folder.ts";
export { type ExperimentContext, type ExperimentOutcome, runExperiment } from "./run_experiment.ts";
export { type CellContext, runCell } from "./run_cell.ts";
export {
  type CellRunner,
  type FailedCell,
  type GridOutcome,
  type GridProgress,
  runCells,
} from "./run_cells.ts";

export { writeReport, type WrittenReport } from "./write_report.ts";

/** Every experiment there is, in the order in which `all` runs them. */
export const experiments: readonly Experiment[] = [article, badnets, cleanLabel];
