import assert from "node:assert/strict";
import { resultsTable } from "../../../scripts/artefacts/results_document.ts";
import { fakeBadnets, fakeCell } from "../../lib/report/fake_results.ts";

Deno.test("a table has what was measured, each with its command, and says what is missing", () => {
  const cells = [fakeCell({ id: "baseline-seed-1", group: "baseline", cleanError: 0.005 })];
  assert.deepEqual(
    resultsTable({ ...fakeBadnets(), cells, missing: ["a", "b"] }).split("\n"),
    [
      "### BadNets on MNIST",
      "",
      "| figure | paper | here | verdict | rule of the verdict | of what | command |",
      "| --- | --: | --: | --- | --- | --- | --- |",
      "| baseline network: clean accuracy | 99.50 % | 99.50 % | reproduced | " +
      "reproduced: at most 0.1 points below; close: at most 0.5 | one seed | " +
      "`reproduce badnets --only baseline-seed` |",
      "",
      "[Gu, Dolan-Gavitt, Garg: BadNets, arXiv 1708.06733, section 3]" +
      "(https://arxiv.org/abs/1708.06733); 1 model, 2 not trained yet",
    ],
  );
});
