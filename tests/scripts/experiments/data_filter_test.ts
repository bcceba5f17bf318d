import assert from "node:assert/strict";
import { countFound } from "../../../lib/defence/mod.ts";
import { filterSets, rankSet } from "../../../scripts/experiments/data_filter.ts";
import { runTraining } from "../../../scripts/run_training.ts";
import { loadTrainingData } from "../../../scripts/training_data.ts";
import { type TrainFlags, trainingJob } from "../../../scripts/options/train_options.ts";
import { dataContext } from "../data_context.ts";

Deno.test("a model of few clean images finds mislabelled ones among its first outliers", async () => {
  const flags = { model: "badnets", recipe: "one-cycle", seed: 1, workers: 1 };
  const filter: TrainFlags = { ...flags, attack: "none", limit: 512, epochs: 3, batchSize: 32 };
  const poisoned: TrainFlags & { workers: number } = {
    ...flags,
    ...{ attack: "single-target", poisonRate: 0.05, limit: 2000 },
  };
  using run = await runTraining(trainingJob(filter), dataContext());
  const [result, ...others] = await filterSets(run.engine, {
    sets: { badnets: poisoned },
    rowsForEach: [1, 3],
  }, dataContext());
  assert.deepEqual(others, []);
  const [first, wider] = result!.found;
  assert.deepEqual([result!.attack, result!.poisoned], ["badnets", first!.top]);
  assert.ok(first!.found > 5 * first!.foundByChance, JSON.stringify(first));
  assert.ok(wider!.top === 3 * first!.top && wider!.found >= first!.found);

  // By hand: the set that is trained on, ranked whole.
  const { set } = await loadTrainingData(trainingJob(poisoned), dataContext());
  const ranking = await rankSet(run.engine, set, new AbortController().signal);
  assert.equal(ranking.order.length, result!.trainImages);
  assert.deepEqual(countFound(ranking, set.poisoned), first);
});
