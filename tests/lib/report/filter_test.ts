import assert from "node:assert/strict";
import { makeReport } from "../../../lib/report/mod.ts";
import { fakeCleanLabel } from "./fake_results.ts";

Deno.test("verdicts are on the filter of the paper's clean part, and name what the others find", () => {
  const { comparisons } = makeReport(fakeCleanLabel());
  const filtered = comparisons.filter(({ what }) => what.startsWith("data filter on MNIST"));
  assert.deepEqual(filtered.map(({ ours, verdict }) => [ours, verdict]), [
    ["80.00 %", "reproduced"],
    ["60.00 %", "not reproduced"],
    ["3.00 %", "reproduced"],
    ["1.00 %", "reproduced"],
  ]);
  assert.equal(
    filtered[0]!.note,
    "80 of 100 among the first 300 of 60,000 images; by chance 0.5; by a filter trained on " +
      "1,024 clean images, whose clean accuracy is 90.00 %; 40 of 100 by one of 256",
  );
});

Deno.test("a data set's filters have a curve for each attack, a row for each figure", () => {
  const { figures, tables, setup } = makeReport(fakeCleanLabel()).sections.at(-1)!;
  assert.deepEqual(figures.map(({ name }) => name), ["mnist-filter"]);
  assert.equal(figures[0]!.drawing.match(/<circle/g)?.length, 8);
  assert.deepEqual(tables[0]!.rows.slice(0, 3), [
    ["BadNets", "256", "90.00 %", "300", "40 of 100", "0.5"],
    ["BadNets", "1,024", "90.00 %", "300", "80 of 100", "0.5"],
    ["adversarial", "256", "90.00 %", "300", "30 of 100", "0.5"],
  ]);
  assert.deepEqual(setup, [
    "the filter: network badnets, recipe one-cycle: 6 epochs of batches of 128, images as they are",
  ]);
});
