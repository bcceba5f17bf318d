import assert from "node:assert/strict";
import { UsageError } from "../../../lib/core/errors.ts";
import type { ExperimentResults } from "../../../lib/report/mod.ts";
import {
  type CellFile,
  openCellStore,
  readResults,
  resultsOf,
  writeResults,
} from "../../../lib/experiment/mod.ts";
import { withFolder } from "../../scripts/run_command.ts";
import { DIGEST, fakeCells, fakeFile } from "./fake_cells.ts";

const cells = fakeCells(3);

/** The results of what a store has, and of what was written before. */
function known(folder: string, earlier: ExperimentResults | null) {
  return resultsOf("badnets", {
    ...{ cells, earlier, quick: false, grid: undefined },
    store: openCellStore(folder),
    dataDigestOf: () => undefined,
  });
}

function withoutTiming({ timing: _, ...result }: CellFile) {
  return result;
}

Deno.test("what was written before stays where the store has nothing, and only there", () =>
  withFolder(async (folder) => {
    const [first, second] = cells.map((cell) => fakeFile(cell));
    const stale = { ...first!, dataDigest: "e".repeat(64) };
    const earlier: ExperimentResults = {
      ...{ format: 1, experiment: "badnets", quick: false, missing: [] },
      cells: [withoutTiming(stale), withoutTiming(second!)],
    };
    await openCellStore(folder).save(first!);
    const results = await known(folder, earlier);
    assert.deepEqual(results.cells.map(({ id, dataDigest }) => [id, dataDigest]), [
      ...[[first!.id, DIGEST], [second!.id, DIGEST]],
    ]);
    assert.deepEqual(results.missing, [cells[2]!.id]);
    assert.deepEqual((await known(folder, null)).missing, [second!.id, cells[2]!.id]);
  }));

Deno.test("what was written before and is a result of other options does not stay", () =>
  withFolder(async (folder) => {
    const [cell] = cells;
    const other = { ...cell!, options: { train: { ...cell!.options.train, epochs: 3 } } };
    const earlier: ExperimentResults = {
      ...{ format: 1, experiment: "badnets", quick: false, missing: [] },
      cells: [withoutTiming(fakeFile(other))],
    };
    assert.deepEqual((await known(folder, earlier)).cells, []);
  }));

Deno.test("results are read as they were written, and nothing else is", () =>
  withFolder(async (folder) => {
    const path = `${folder}/badnets.json`;
    assert.equal(await readResults(path, "badnets"), null);
    const results = await known(folder, null);
    assert.equal(await writeResults(folder, results), path);
    assert.deepEqual(await readResults(path, "badnets"), results);
    await assert.rejects(readResults(path, "article"), /got results of badnets; give another/);
    const broken = ["{", "null", "[]", `{"format":1,"cells":{}}`, `{"format":1,"cells":[null]}`];
    for (const text of broken) {
      await Deno.writeTextFile(path, text);
      await assert.rejects(readResults(path, "badnets"), (error) => {
        assert.ok(error instanceof UsageError, text);
        assert.match(error.message, /badnets has written, got something (that is not JSON|else); /);
        return true;
      });
    }
  }));
