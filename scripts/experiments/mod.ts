/**
 * The papers' experiments.
 *
 * @module
 */

import { article } from "./article.ts";
import { badnets } from "./badnets.ts";
import { cleanLabel } from "./clean_label.ts";
import type { Experiment } from "./cell.ts";

export type { Cell, CellFile, Experiment, ExperimentOptions } from "./cell.ts";
export { cellProcesses } from "../cells/cell_process.ts";
export { openCellStore } from "./cell_store.ts";
export { resolvedJob } from "./resolved_job.ts";
export {
  prepareFolder,
  readResults,
  resultsOf,
  takeResults,
  writeReport,
} from "./results_folder.ts";
export { type FailedCell, type GridOutcome, type GridProgress, runCells } from "./run_cells.ts";

/** Every experiment there is, in the order in which `all` runs them. */
export const experiments: readonly Experiment[] = [article, badnets, cleanLabel];
