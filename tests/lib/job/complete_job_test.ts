import assert from "node:assert/strict";
import { completeJob, jobDigest, resolveJob, type TrainRequest } from "../../../lib/job/mod.ts";

const resolve = (request: TrainRequest) => resolveJob(request, { workers: 2 });

Deno.test("a complete job has its recipe's numbers, and not its proxy's network again", () => {
  const job = completeJob(resolve({ attack: "clean-label", epochs: 7 }));
  assert.deepEqual([job.epochs, job.batchSize, job.revision], [7, 64, 1]);
  assert.deepEqual(job.augmentation, { shift: 1, flip: false, order: "before trigger" });
  assert.ok(!("proxyNetwork" in job));
});

Deno.test("jobs that make the same model have one digest, others have another", async () => {
  const job = resolve({ attack: "clean-label", poisonRate: 0.25 });
  const digest = await jobDigest(job);
  assert.match(digest, /^[0-9a-f]{64}$/);
  const reordered = Object.fromEntries(Object.entries(job).reverse()) as typeof job;
  assert.equal(await jobDigest(reordered), digest);
  assert.equal(await jobDigest(JSON.parse(JSON.stringify(job))), digest);
  // The recipe's own number, said aloud.
  assert.equal(await jobDigest({ ...job, epochs: 2 }), digest);
  const others = await Promise.all(
    [{ ...job, epochs: 3 }, { ...job, seed: 2 }, { ...job, workers: 1 }, resolve({})].map(
      jobDigest,
    ),
  );
  assert.equal(new Set([digest, ...others]).size, 5);
});
