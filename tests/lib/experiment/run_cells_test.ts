import assert from "node:assert/strict";
import {
  type GridProgress,
  openCellStore,
  type PlannedCell,
  runCells,
} from "../../../lib/experiment/mod.ts";
import { withFolder } from "../../scripts/run_command.ts";
import { DIGEST, fakeCells, fakeFile } from "./fake_cells.ts";

/** Runs cells that take a moment; answers with who ran, and beside how many threads of others. */
function grid(
  folder: string,
  workers: number,
  { signal = new AbortController().signal, onProgress }: {
    signal?: AbortSignal;
    onProgress?: (progress: GridProgress) => void;
  } = {},
) {
  const ran: string[] = [];
  let threads = 0;
  let most = 0;
  const progress: GridProgress[] = [];
  const failed: string[] = [];
  const run = (
    cells: readonly PlannedCell[],
    fails: (cell: PlannedCell) => boolean = () => false,
    store = openCellStore(folder),
  ) =>
    runCells(cells, {
      store,
      dataDigestOf: () => DIGEST,
      workers,
      signal,
      onProgress(each) {
        progress.push(each);
        onProgress?.(each);
      },
      onFailed: ({ id, reason }) => failed.push(`${id}: ${reason}`),
      async runCell(cell, { onProgress, signal }) {
        ran.push(cell.id);
        threads += cell.options.train.workers;
        most = Math.max(most, threads);
        await new Promise((resolve) => setTimeout(resolve, 5));
        onProgress(0.5);
        await new Promise((resolve) => setTimeout(resolve, 5));
        threads -= cell.options.train.workers;
        signal.throwIfAborted();
        if (fails(cell)) throw new Error("no luck");
        return fakeFile(cell);
      },
    });
  return { run, ran, progress, failed, most: () => most };
}

Deno.test("cells run side by side, as many as there are workers, in their order", () =>
  withFolder(async (folder) => {
    const cells = fakeCells(5);
    const { run, ran, most } = grid(folder, 2);
    const { trained, failed } = await run(cells);
    assert.deepEqual(ran, cells.map(({ id }) => id));
    assert.deepEqual([trained.length, most(), failed], [5, 2, []]);
  }));

Deno.test("a cell of more threads than there are runs alone", () =>
  withFolder(async (folder) => {
    const [wide] = fakeCells(1, { workers: 4 });
    const [, ...narrow] = fakeCells(4);
    const { run, most } = grid(folder, 2);
    const { trained } = await run([narrow[0]!, wide!, narrow[1]!, narrow[2]!]);
    assert.deepEqual([trained.length, most()], [4, 4]);
  }));

Deno.test("what is there is not run again, and counts as done from the start", () =>
  withFolder(async (folder) => {
    const cells = fakeCells(4);
    await grid(folder, 1).run(cells.slice(1, 3));
    const { run, ran, progress } = grid(folder, 1);
    await run(cells);
    assert.deepEqual(ran, [cells[0]!.id, cells[3]!.id]);
    const first = progress[0]!;
    assert.deepEqual([first.finished, first.cells, first.done / first.total], [2, 4, 0.5]);
    assert.equal(first.found, first.done);
    const last = progress.at(-1)!;
    assert.deepEqual([last.finished, last.done], [4, last.total]);
    assert.ok(progress.some(({ done, total }) => done / total === 0.625), "half of one of two");
  }));

Deno.test("one that fails does not stop the others, and is tried again next time", () =>
  withFolder(async (folder) => {
    const cells = fakeCells(3);
    const { run, failed } = grid(folder, 1);
    const outcome = await run(cells, ({ id }) => id === cells[0]!.id);
    assert.deepEqual(outcome.trained.map(({ id }) => id), [cells[1]!.id, cells[2]!.id]);
    assert.deepEqual(failed, [`${cells[0]!.id}: no luck`]);
    assert.deepEqual(outcome.failed, [{ id: cells[0]!.id, reason: "no luck" }]);
    const again = grid(folder, 1);
    await again.run(cells);
    assert.deepEqual(again.ran, [cells[0]!.id]);
  }));

Deno.test("a signal stops it: what runs is not kept, what is finished is", () =>
  withFolder(async (folder) => {
    const cells = fakeCells(4);
    const controller = new AbortController();
    const { run, ran } = grid(folder, 1, {
      signal: controller.signal,
      onProgress({ finished }) {
        if (finished === 1) controller.abort(new Error("enough"));
      },
    });
    await assert.rejects(run(cells), /enough/);
    assert.equal(ran.length, 2);
    const store = openCellStore(folder);
    const found = await Promise.all(cells.map((cell) => store.find(cell, DIGEST)));
    assert.equal(found.filter((file) => file !== null).length, 1);
  }));

Deno.test("a result that cannot be kept stops the grid, and says why", () =>
  withFolder(async (folder) => {
    const cells = fakeCells(4);
    const { run, ran, failed } = grid(folder, 2);
    const full = new Error("no space left");
    const store = { ...openCellStore(folder), save: () => Promise.reject(full) };
    await assert.rejects(run(cells, undefined, store), (error) => error === full);
    assert.deepEqual(ran, cells.slice(0, 2).map(({ id }) => id));
    assert.deepEqual(failed, []);
  }));
