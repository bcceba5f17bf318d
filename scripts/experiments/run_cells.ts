/**
 * The runner: trains what is missing of an experiment, several cells at once.
 *
 * @module
 */

import type { Cell, CellFile } from "./cell.ts";
import { costOf } from "./cell.ts";
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
  cell: Cell,
  context: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal },
) => Promise<CellFile>;

/** How a grid is run. */
export interface GridOptions {
  readonly store: CellStore;
  /** Names the data that a cell trains on, as they are now. */
  readonly dataDigestOf: (cell: Cell) => string;
  readonly runCell: CellRunner;
  /** Threads that may run at once, over all cells, from 1. */
  readonly workers: number;
  /** Stops the cells that run; those that are finished stay. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: GridProgress) => void;
  readonly onFinished?: (file: CellFile) => void;
  readonly onFailed?: (cell: Cell, error: Error) => void;
}

/** What became of a grid. */
export interface GridOutcome {
  /** In the order of the cells; those that failed are left out. */
  readonly files: readonly CellFile[];
  readonly failed: readonly Cell[];
}

/**
 * Runs all cells that are not in the store, in their order, as many at once as their threads allow.
 * A cell that takes more threads than there are runs alone. One that fails does not stop the others.
 *
 * @throws The signal's reason, where it fires; no cell runs any more then.
 */
export async function runCells(
  cells: readonly Cell[],
  { store, dataDigestOf, runCell, workers, signal, onProgress, onFinished, onFailed }: GridOptions,
): Promise<GridOutcome> {
  const began = performance.now();
  const files = new Map<string, CellFile>();
  for (const cell of cells) {
    const file = await store.find(cell, dataDigestOf(cell));
    if (file !== null) files.set(cell.id, file);
  }
  const costs = (some: readonly Cell[]) => some.reduce((sum, cell) => sum + costOf(cell), 0);
  const pending = cells.filter(({ id }) => !files.has(id));
  const found = costs(cells) - costs(pending);
  const running = new Map<Cell, { share: number; end: Promise<void> }>();
  const failed: Cell[] = [];
  let finished = found;
  const report = () => {
    const underWay = [...running].reduce((sum, [cell, { share }]) => sum + share * costOf(cell), 0);
    onProgress?.({
      finished: files.size,
      cells: cells.length,
      running: [...running.keys()].map(({ id }) => id),
      done: finished + underWay,
      total: costs(cells),
      found,
      seconds: (performance.now() - began) / 1000,
    });
  };
  const run = async (cell: Cell, onShare: (share: number) => void) => {
    try {
      const file = await runCell(cell, { onProgress: onShare, signal });
      await store.save(file);
      files.set(cell.id, file);
      onFinished?.(file);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (signal.aborted) return;
      failed.push(cell);
      onFailed?.(cell, error);
    } finally {
      running.delete(cell);
      finished += costOf(cell);
    }
  };
  const start = (cell: Cell) => {
    const entry = { share: 0, end: Promise.resolve() };
    running.set(cell, entry);
    entry.end = run(cell, (share) => {
      entry.share = share;
      report();
    });
  };
  while (!signal.aborted && pending.length + running.size > 0) {
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
  signal.throwIfAborted();
  report();
  return { files: cells.flatMap(({ id }) => files.get(id) ?? []), failed };
}

function threadsOf(cell: Cell): number {
  return cell.options.train.workers;
}
