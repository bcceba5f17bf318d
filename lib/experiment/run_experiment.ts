/**
 * An experiment, from its plan to its results and its report.
 *
 * @module
 */

import { join } from "node:path";
import { formatCountOf } from "../core/format.ts";
import { datasetDigests, type OnEvent } from "../job/mod.ts";
import type { ExperimentName, ExperimentResults } from "../report/mod.ts";
import { openCellStore } from "./cell_store.ts";
import type { ExperimentPlan } from "./plan_experiments.ts";
import type { PlannedCell } from "./plan_cell.ts";
import { readResults, resultsOf, takeResults, writeResults } from "./results_folder.ts";
import { type GridOptions, type GridOutcome, runCells } from "./run_cells.ts";
import { writeReport, type WrittenReport } from "./write_report.ts";

/** How an experiment runs. */
export interface ExperimentContext
  extends
    Pick<GridOptions, "runCell" | "workers" | "signal" | "onProgress" | "onFinished" | "onFailed"> {
  /** Where its results are. */
  readonly folder: string;
  /** A folder with the data set's original files; the package's if left out. */
  readonly dataDir?: string;
  /** Results of another run: its models are not trained again. */
  readonly given: ExperimentResults | null;
  /** What stands in the folder already: stays, if this run has nothing newer. */
  readonly earlier: ExperimentResults | null;
  /** All experiments that are run, whose reports this one's links to. */
  readonly soon: readonly ExperimentName[];
  /** Told what people should know. */
  readonly note: (line: string) => void;
  /** Told of the reading of data sets. */
  readonly onEvent: OnEvent;
}

/** What a run of an experiment came to. */
export interface ExperimentOutcome extends WrittenReport, GridOutcome {
  /** Path of the results. */
  readonly json: string;
}

/**
 * Trains what is missing of an experiment, and writes its results and its report.
 *
 * @throws The signal's reason, if it fires; what is trained stays.
 */
export async function runExperiment(
  { experiment: { name }, cells, wanted, grid, quick }: ExperimentPlan,
  { folder, dataDir, given, earlier, soon, note, onEvent, ...context }: ExperimentContext,
): Promise<ExperimentOutcome> {
  const store = openCellStore(join(folder, name, "cells"));
  const datasets = wanted.map(({ job }) => job.dataset);
  const digests = await datasetDigests(datasets, { dataDir, onEvent, signal: context.signal });
  // What is not trained now is not looked at: its data may not even be here.
  const dataDigestOf = (cell: PlannedCell) => digests.get(cell.job.dataset);
  if (given !== null) {
    const taken = await takeResults(given, { cells, store, dataDigestOf });
    note(`${taken} of ${formatCountOf(given.cells.length, "given result")} taken`);
  }
  const outcome = await runCells(wanted, { ...context, store, dataDigestOf });
  const results = await resultsOf(name, {
    ...{ cells, store, earlier, dataDigestOf, quick, grid },
  });
  const json = await writeResults(folder, results);
  // From the file alone, as a report without a run is made.
  const written = await writeReport(folder, (await readResults(json, name))!, { soon });
  return { ...written, ...outcome, json };
}
