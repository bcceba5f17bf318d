/**
 * The runner: trains what is missing of an experiment, several cells at once.
 *
 * @module
 */

import type { CellFile } from "./cell.ts";
import { costOf } from "./cost_of.ts";
import type { PlannedCell } from "./plan_cell.ts";
import type { CellStore } from "./cell_store.ts";

/** How far a grid has come. */
export interface GridProgress {
  /** Cells, of all there are. */
  readonly finished: number;
  readonly cells: number;
  /** Those that run now. */
  readonly running: readonly string[];
  /** Work that is done, of all there is, and what of it was there before; processor seconds. */
  readonly done: number;
  readonly total: number;
  readonly found: number;
  /** Since the run began. */
  readonly seconds: number;
}

/** Trains one cell, wherever. */
export type CellRunner = (
  cell: PlannedCell,
  context: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
) => Promise<CellFile>;

/** How a grid is run. */
export interface GridOptions {
  readonly store: CellStore;
  /** Names the data that a cell trains on, as they are now. */
  readonly dataDigestOf: (cell: PlannedCell) => string | undefined;
  readonly runCell: CellRunner;
  /** Threads that may run at once, over all cells, from 1. */
  readonly workers: number;
  /** Stops the cells that run; those that are finished stay. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: GridProgress) => void;
  readonly onFinished?: (file: CellFile) => void;
  readonly onFailed?: (failed: FailedCell) => void;
}

/** A cell that could not be trained, and why. */
export interface FailedCell {
  readonly id: string;
  readonly reason: string;
}

/** What became of the cells that were not in the store, in the order in which they ended. */
export interface GridOutcome {
  readonly trained: readonly CellFile[];
  readonly failed: readonly FailedCell[];
}

/**
 * Runs all cells that are not in the store, in their order, as many at once as their threads allow.
 * A cell that takes more threads than there are runs alone. One that fails does not stop the others;
 * a result that cannot be kept does.
 *
 * @throws The signal's reason, if it fires, or why a result could not be kept; no cell runs any more
 * then.
 */
export async function runCells(
  cells: readonly PlannedCell[],
  { store, dataDigestOf, runCell, workers, signal, onProgress, onFinished, onFailed }: GridOptions,
): Promise<GridOutcome> {
  const began = performance.now();
  const broken = new AbortController();
  const stopped = AbortSignal.any([signal, broken.signal]);
  const pending: PlannedCell[] = [];
  for (const cell of cells) {
    if (await store.find(cell, dataDigestOf(cell)) === null) pending.push(cell);
  }
  const cost = new Map(cells.map((cell) => [cell, costOf(cell)]));
  const sum = (some: readonly PlannedCell[]) =>
    some.reduce((sum, cell) => sum + cost.get(cell)!, 0);
  const total = sum(cells);
  const found = { cells: cells.length - pending.length, cost: total - sum(pending) };
  const running = new Map<PlannedCell, { share: number; end: Promise<void> }>();
  const trained: CellFile[] = [];
  const failed: FailedCell[] = [];
  let finished = found.cost;
  const report = () => {
    const underWay = [...running].map(([cell, { share }]) => share * cost.get(cell)!);
    onProgress?.({
      finished: found.cells + trained.length,
      cells: cells.length,
      running: [...running.keys()].map(({ id }) => id),
      done: underWay.reduce((sum, part) => sum + part, finished),
      total,
      found: found.cost,
      seconds: (performance.now() - began) / 1000,
    });
  };
  const run = async (cell: PlannedCell, onShare: (share: number) => void) => {
    try {
      const file = await runCell(cell, { onProgress: onShare, signal: stopped });
      await store.save(file).catch((error) => broken.abort(error));
      if (broken.signal.aborted) return;
      trained.push(file);
      onFinished?.(file);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (error === stopped.reason) return;
      const failure = { id: cell.id, reason: error.message };
      failed.push(failure);
      onFailed?.(failure);
    } finally {
      running.delete(cell);
      finished += cost.get(cell)!;
    }
  };
  const start = (cell: PlannedCell) => {
    const entry = { share: 0, end: Promise.resolve() };
    running.set(cell, entry);
    entry.end = run(cell, (share) => {
      entry.share = share;
      report();
    });
  };
  while (!stopped.aborted && pending.length + running.size > 0) {
    const taken = [...running.keys()].reduce((sum, cell) => sum + threadsOf(cell), 0);
    const next = pending[0];
    if (next !== undefined && (taken === 0 || taken + threadsOf(next) <= workers)) {
      start(next);
      pending.shift();
    } else {
      report();
      await Promise.race([...running.values()].map(({ end }) => end));
    }
  }
  await Promise.all([...running.values()].map(({ end }) => end));
  stopped.throwIfAborted();
  report();
  return { trained, failed };
}

function threadsOf(cell: PlannedCell): number {
  return cell.options.train.workers;
}
