import assert from "node:assert/strict";
import { planCell } from "../../../lib/experiment/mod.ts";
import type { ExperimentResults } from "../../../lib/report/mod.ts";

const results = new URL("../../../results/", import.meta.url);

for (const name of ["article", "badnets", "clean-label"]) {
  Deno.test(`each committed result of ${name} is of the job that its options come to now`, async () => {
    const text = await Deno.readTextFile(new URL(`${name}.json`, results));
    const { cells }: ExperimentResults = JSON.parse(text);
    assert.ok(cells.length > 0);
    for (const { id, group, options, job } of cells) {
      assert.deepEqual(planCell({ id, group, options: options as never }).job, job, id);
    }
  });
}
