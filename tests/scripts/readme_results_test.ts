import assert from "node:assert/strict";
import { resultsTable } from "../../scripts/artefacts/readme_results.ts";
import { fakeBadnets, fakeCell } from "../lib/report/fake_results.ts";

Deno.test("a table has what was measured, each with its command, and says what is missing", () => {
  const cells = [fakeCell({ id: "baseline-seed-1", group: "baseline", cleanError: 0.005 })];
  assert.deepEqual(
    resultsTable({ ...fakeBadnets(), cells, missing: ["a", "b"] }).split("\n"),
    [
      "### BadNets on MNIST",
      "",
      "| figure | paper | here | verdict | of what | command |",
      "| --- | --: | --: | --- | --- | --- |",
      "| baseline network: clean accuracy | 99.50 % | 99.50 % | reproduced | one seed | " +
      "`reproduce badnets --only baseline-seed` |",
      "",
      "Gu, Dolan-Gavitt, Garg: BadNets, arXiv 1708.06733, section 3; 1 model, 2 not trained yet",
    ],
  );
});
