/**
 * From a cell to the jobs that it comes to.
 *
 * @module
 */

import type { Json } from "../core/types.ts";
import { completeJob, resolveJob, type TrainingJob, type TrainRequest } from "../job/mod.ts";
import type { CellJob } from "../report/mod.ts";
import type { Cell } from "./cell.ts";

/** A cell with its jobs: resolved once, when it is planned, and carried to the program that runs it. */
export interface PlannedCell extends Cell {
  /**
   * What its result is the result of, in plain JSON: its training before its ladder and those whose
   * sets it ranks, every number of them.
   */
  readonly job: CellJob;
  /** Its training, then a training for each step of its ladder. */
  readonly attempts: readonly TrainingJob[];
  /** The jobs whose training sets it ranks, by what the report calls their attacks. */
  readonly ranked: Readonly<Record<string, TrainingJob>>;
}

/**
 * Plans a cell.
 *
 * @throws {UsageError} If its options, or those of a step, contradict each other.
 */
export function planCell(cell: Cell): PlannedCell {
  const { train, ladder, ranked: asked } = cell.options;
  const resolve = (request: TrainRequest) => resolveJob(request, { workers: train.workers });
  const first = resolve(train);
  const ranked = asked && Object.fromEntries(
    Object.entries(asked.sets).map(([attack, request]) => [attack, resolve(request)]),
  );
  const job = {
    ...completeJob(first),
    ...ranked && { ranked: Object.values(ranked).map(completeJob) },
  };
  return {
    ...cell,
    job: toJson(job) as unknown as CellJob,
    attempts: [first, ...(ladder?.steps ?? []).map((step) => resolve({ ...train, ...step }))],
    ranked: ranked ?? {},
  };
}

/** Plain JSON: what is `undefined` is left out. */
export function toJson(value: object): Json {
  return JSON.parse(JSON.stringify(value));
}
