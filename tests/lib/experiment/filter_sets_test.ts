import assert from "node:assert/strict";
import { countFound } from "../../../lib/defence/mod.ts";
import { filterSets, rankSet } from "../../../lib/experiment/filter_sets.ts";
import {
  loadTrainingData,
  resolveJob,
  runTraining,
  type TrainRequest,
} from "../../../lib/job/mod.ts";
import { jobContext } from "../job/job_context.ts";

Deno.test("a model of few clean images finds mislabelled ones among its first outliers", async () => {
  const flags = { model: "badnets", recipe: "one-cycle", seed: 1, workers: 1 };
  const filter: TrainRequest = { ...flags, attack: "none", limit: 512, epochs: 3, batchSize: 32 };
  const poisoned: TrainRequest = {
    ...flags,
    ...{ attack: "single-target", poisonRate: 0.05, limit: 2000 },
  };
  const job = resolveJob(poisoned, { workers: 1 });
  using run = await runTraining(resolveJob(filter, { workers: 1 }), jobContext());
  const [result, ...others] = await filterSets(run.engine, {
    jobs: { badnets: job },
    rowsForEach: [1, 3],
  }, jobContext());
  assert.deepEqual(others, []);
  const [first, wider] = result!.found;
  assert.deepEqual([result!.attack, result!.poisoned], ["badnets", first!.top]);
  assert.ok(first!.found > 5 * first!.foundByChance, JSON.stringify(first));
  assert.ok(wider!.top === 3 * first!.top && wider!.found >= first!.found);

  // By hand: the set that is trained on, ranked whole.
  const { set } = await loadTrainingData(job, jobContext());
  const ranking = await rankSet(run.engine, set, new AbortController().signal);
  assert.equal(ranking.order.length, result!.trainImages);
  assert.deepEqual(countFound(ranking, set.poisoned), first);
});
