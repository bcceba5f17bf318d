import assert from "node:assert/strict";
import { makeReport } from "../../../lib/report/mod.ts";
import { experiments, planCell } from "../../../lib/experiment/mod.ts";
import { fakeCell, fakeFilter } from "../report/fake_results.ts";

for (const experiment of experiments) {
  Deno.test(`${experiment.name}: its report has a place for each of its cells' figures`, () => {
    const cells = experiment.cells({ quick: false });
    const results = cells.map(planCell).map(({ id, group, options, job }) => ({
      ...fakeCell({
        ...{ id, group, cleanError: 0.01, backdoorError: 0.01 },
        poisonRate: options.train.poisonRate,
        target: options.train.target,
        trainImages: options.train.limit ?? 60_000,
        filter: options.ranked === undefined
          ? null
          : Object.keys(options.ranked.sets).map((attack) => fakeFilter(attack, 90)),
      }),
      job,
    }));
    const { comparisons } = makeReport({
      ...{ format: 1, experiment: experiment.name, quick: false, missing: [] },
      cells: results,
    });
    assert.ok(comparisons.length > 0);
    for (const { what, isMeasured } of comparisons) assert.ok(isMeasured, what);
  });

  for (const quick of [false, true]) {
    Deno.test(`${experiment.name}${quick ? " --quick" : ""}: a figure's command trains its models`, () => {
      const missing = experiment.cells({ quick }).map(({ id }) => id);
      const { comparisons } = makeReport({
        ...{ format: 1, experiment: experiment.name, quick, cells: [], missing },
      });
      assert.ok(comparisons.length > 0);
      for (const { command } of comparisons) {
        const [, only] = command.split(" --only ");
        assert.equal(command.includes(" --quick "), quick);
        for (const text of only!.split(",")) {
          assert.ok(missing.some((id) => id.startsWith(text)), command);
        }
      }
    });
  }
}
