import assert from "node:assert/strict";
import { openCellStore, planCell } from "../../../lib/experiment/mod.ts";
import { withFolder } from "../../scripts/run_command.ts";
import { DIGEST, fakeCells, fakeFile } from "./fake_cells.ts";

const [cell] = fakeCells(1);

Deno.test("a cell is found again as it was saved", () =>
  withFolder(async (folder) => {
    const store = openCellStore(`${folder}/new/cells`);
    assert.equal(await store.find(cell!, DIGEST), null);
    const file = fakeFile(cell!);
    await store.save(file);
    assert.deepEqual(await store.find(cell!, DIGEST), file);
    assert.deepEqual([...Deno.readDirSync(`${folder}/new/cells`)].map(({ name }) => name), [
      `${cell!.id}.json`,
    ]);
  }));

Deno.test("a cell of other options or other data is not taken", () =>
  withFolder(async (folder) => {
    const store = openCellStore(folder);
    await store.save(fakeFile(cell!));
    const { train } = cell!.options;
    const others = [
      planCell({ ...cell!, options: { train: { ...train, epochs: 3 } } }),
      planCell({ ...cell!, options: { train, filters: true } }),
      { ...cell!, group: "another" },
    ];
    for (const other of others) assert.equal(await store.find(other, DIGEST), null);
    assert.equal(await store.find(cell!, "e".repeat(64)), null);
    // What is undefined is not there, in JSON.
    const same = planCell({ ...cell!, options: { train: { ...train, epochs: undefined } } });
    assert.ok(await store.find(same, DIGEST));
  }));

Deno.test("a cell that has more examples than are asked for is taken without them", () =>
  withFolder(async (folder) => {
    const store = openCellStore(folder);
    const asking = (examples?: number) =>
      planCell({ ...cell!, options: { ...cell!.options, examples } });
    const example = { original: "data:,before", poisoned: "data:,after" };
    const file = fakeFile(asking(2));
    await store.save({ ...file, figures: { ...file.figures, examples: [example, example] } });
    const counts = [3, 2, 1, undefined].map(async (examples) => {
      const found = await store.find(asking(examples), DIGEST);
      return found && [found.figures.examples?.length, found.options];
    });
    const options = { ...cell!.options };
    assert.deepEqual(await Promise.all(counts), [
      null,
      [2, { ...options, examples: 2 }],
      [1, { ...options, examples: 1 }],
      [undefined, options],
    ]);
  }));

Deno.test("a file that was cut short is not taken", () =>
  withFolder(async (folder) => {
    const store = openCellStore(folder);
    await store.save(fakeFile(cell!));
    const path = `${folder}/${cell!.id}.json`;
    const text = await Deno.readTextFile(path);
    for (const length of [0, 1, 100, text.length - 3]) {
      await Deno.writeTextFile(path, text.slice(0, length));
      assert.equal(await store.find(cell!, DIGEST), null, `${length} characters`);
    }
  }));
