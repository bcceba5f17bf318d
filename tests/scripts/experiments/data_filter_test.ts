import assert from "node:assert/strict";
import { countFound } from "../../../lib/defence/mod.ts";
import { trainFilter } from "../../../scripts/experiments/data_filter.ts";
import { loadTrainingData } from "../../../scripts/training_data.ts";
import { dataContext } from "../data_context.ts";

Deno.test("a small clean model finds mislabelled images among the first outliers", async () => {
  using filter = await trainFilter(
    {
      ...{ dataset: "mnist", model: "badnets", recipe: "one-cycle", seed: 1, workers: 1 },
      ...{ cleanImages: 512, epochs: 3, batchSize: 32 },
    },
    dataContext(),
  );
  assert.ok(filter.cleanAccuracy > 0.5);
  const { set } = await loadTrainingData({
    ...{ dataset: "mnist", attack: "single-target", trigger: "pattern", source: "all" },
    ...{ target: 0, poisonRate: 0.05, seed: 1, limit: 2000 },
  }, dataContext());
  const ranking = await filter.rank(set);
  assert.equal(ranking.order.length, set.rows.length);
  const { found, foundByChance } = countFound(ranking, set.poisoned);
  assert.ok(found > 5 * foundByChance, `found ${found}, by chance ${foundByChance}`);
});
