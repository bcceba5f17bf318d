import assert from "node:assert/strict";
import { resolveNamedJob, spellFlag, trainModel } from "../../../lib/job/mod.ts";
import { createKvModelStore, decodeSafetensors } from "../../../lib/registry/mod.ts";
import { interceptCommits } from "../registry/kv_faults.ts";
import { jobContext } from "./job_context.ts";

const request = { model: "badnets", limit: 100, epochs: 1 };
const job = resolveNamedJob(request, { workers: 1, spell: spellFlag });

/** A store whose commits fail from one on. */
function failingStore(kv: Deno.Kv, { from, error }: { from: number; error: Error }) {
  return createKvModelStore(interceptCommits(kv, (commit) => {
    if (commit >= from) throw error;
  }));
}

Deno.test("a trained model that the store does not take is kept in a file", async () => {
  const folder = await Deno.makeTempDir();
  try {
    using kv = await Deno.openKv(":memory:");
    // From the first chunk of the weights on.
    const store = failingStore(kv, { from: 3, error: new TypeError("database or disk is full") });
    await assert.rejects(
      trainModel(job, { ...jobContext(), store, keepIn: [folder] }),
      /disk is full; it is not lost.* in the file /,
    );
    const [file] = [...Deno.readDirSync(folder)];
    const { metadata } = decodeSafetensors(await Deno.readFile(`${folder}/${file?.name}`));
    const { name, training } = JSON.parse(metadata.manifest!);
    assert.deepEqual([name, training.epochs, training.history.length], [job.name, 1, 1]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a store that cannot be written to is refused before the training", async () => {
  using kv = await Deno.openKv(":memory:");
  const context = { ...jobContext({ signal: AbortSignal.abort(new Error("began")) }), keepIn: [] };
  const error = new TypeError("Can not write to a read-only database.");
  const store = failingStore(kv, { from: 1, error });
  await assert.rejects(trainModel(job, { ...context, store }), /Cannot save model .*writable/);
  await assert.rejects(trainModel(job, { ...context, store: createKvModelStore(kv) }), /began/);
});
