import assert from "node:assert/strict";
import { type Comparison, makeReport } from "../../../lib/report/mod.ts";
import { type Reference, references } from "../../../lib/report/reference.ts";
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
  const isOfThem = ({ what }: Comparison) =>
    what.startsWith("MNIST, BadNets, the article's recipe");
  const [clean, attack] = comparisons.filter(isOfThem);
  const others = comparisons.filter((comparison) => !isOfThem(comparison));
  assert.deepEqual(
    [clean?.paper, clean?.ours, clean?.difference, clean?.verdict, clean?.note],
    ["98.94 %", "99.00 %", "+0.06", "reproduced", "mean of 3 seeds, 98.90 % to 99.10 %"],
  );
  assert.deepEqual([attack?.ours, attack?.verdict], ["100.00 %", "reproduced"]);
  assert.ok(others.length > 0 && others.every(({ verdict }) => verdict === null));
  assert.deepEqual(sections[0]?.tables[0]?.rows.length, 3);
});

Deno.test("a figure that no paper has stands by itself", () => {
  const cell = fakeCell({
    id: "cifar10-badnets-article",
    group: "cifar10 badnets article",
    cleanError: 0.4,
    backdoorError: 0.05,
  });
  const { comparisons } = makeReport({
    ...{ format: 1, experiment: "article", quick: false, missing: [] },
    cells: [cell],
  });
  const measured = comparisons.filter(({ isMeasured }) => isMeasured);
  assert.deepEqual(
    measured.map(({ what, paper, ours, verdict, source }) => [what, paper, ours, verdict, source]),
    [
      ["CIFAR-10, BadNets, the article's network: clean accuracy", "–", "60.00 %", null, ""],
      ["CIFAR-10, BadNets, the article's network: attack success", "–", "95.00 %", null, ""],
    ],
  );
});

Deno.test("a figure that is two points below the paper's is not close to it", () => {
  const cell = fakeCell({
    id: "cifar10-badnets-residual",
    group: "cifar10 badnets residual",
    cleanError: 1 - 0.8898,
    backdoorError: 0.02,
  });
  const { comparisons } = makeReport({
    ...{ format: 1, experiment: "article", quick: false, missing: [] },
    cells: [cell],
  });
  const [clean] = comparisons.filter(({ isMeasured }) => isMeasured);
  assert.deepEqual([clean?.difference, clean?.verdict, clean?.rule], [
    ...["−2.34", "not reproduced", "reproduced: at most 0.1 points below; close: at most 0.5"],
  ]);
});

Deno.test("a figure is close at another distance than others only with a reason", () => {
  for (const [name, reference] of Object.entries(references)) {
    const { close, reason } = reference as Reference;
    assert.equal(close === 0.005, reason === undefined, name);
  }
});
