import assert from "node:assert/strict";
import { type DataJob, type JobEvent, loadTrainingData } from "../../../lib/job/mod.ts";
import { jobContext } from "./job_context.ts";

const clean: DataJob = {
  ...{ dataset: "mnist", attack: "none", trigger: "pattern", source: "all", target: 0 },
  ...{ poisonRate: 0, seed: 1 },
};

Deno.test("a limit above the number of training images takes them all, and says so", async () => {
  const events: JobEvent[] = [];
  const context = jobContext({ onEvent: (event) => void events.push(event) });
  const { set } = await loadTrainingData({ ...clean, limit: 70_000 }, context);
  assert.equal(set.rows.length, 60_000);
  assert.deepEqual(events, [{
    kind: "warning",
    text: "a limit of 70,000 is above the 60,000 training images of mnist: all 60,000 are taken",
  }]);
});

Deno.test("a limit that limits is no matter for a warning", async () => {
  const onEvent = (event: JobEvent) => assert.fail(JSON.stringify(event));
  for (const limit of [100, 60_000]) {
    const { set } = await loadTrainingData({ ...clean, limit }, jobContext({ onEvent }));
    assert.equal(set.rows.length, limit);
  }
});
