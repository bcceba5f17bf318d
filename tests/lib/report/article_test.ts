import assert from "node:assert/strict";
import { makeReport } from "../../../lib/report/mod.ts";
import { fakeCell } from "./fake_results.ts";

Deno.test("a figure is the mean of the seeds, with their spread", () => {
  const cells = [0.009, 0.01, 0.011].map((cleanError, i) =>
    fakeCell({
      id: `mnist-badnets-article-seed-${i + 1}`,
      group: "mnist badnets article",
      cleanError,
      backdoorError: 0,
    })
  );
  const results = { format: 1, experiment: "article", quick: false, missing: [] } as const;
  const { comparisons, sections } = makeReport({ ...results, cells });
  const [clean, attack, ...others] = comparisons;
  assert.deepEqual(
    [clean?.paper, clean?.ours, clean?.difference, clean?.verdict, clean?.note],
    ["98.94 %", "99.00 %", "+0.06", "reproduced", "mean of 3 seeds, 98.90 % to 99.10 %"],
  );
  assert.deepEqual([attack?.ours, attack?.verdict], ["100.00 %", "reproduced"]);
  assert.ok(others.length > 0 && others.every(({ verdict }) => verdict === null));
  assert.deepEqual(sections[0]?.tables[0]?.rows.length, 3);
});
