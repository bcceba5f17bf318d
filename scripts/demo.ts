/**
 * `deno task demo`: trains the backdoored model and its clean twin where they are missing, then
 * serves the demonstration.
 *
 * @module
 */

import { createKvModelStore, type ModelManifest } from "../lib/registry/mod.ts";
import { integer } from "./arguments.ts";
import { createCommand, finish, interruptSignal, main } from "./cli.ts";
import { describeMetrics } from "./evaluation.ts";
import { kvOption, openKv } from "./kv.ts";
import { createProgress } from "./progress.ts";
import { serve } from "./serve.ts";
import { trainModel } from "./train_model.ts";
import { trainingJob } from "./train_options.ts";

interface Options {
  readonly port?: number;
  readonly kv?: string;
  readonly json?: boolean;
}

/** One of the demonstration's models. */
interface DemoModel {
  readonly manifest: ModelManifest;
  /** Whether it was trained by this run. */
  readonly isNew: boolean;
}

const command = createCommand(
  "demo",
  "Train what is missing (a backdoored model and its clean twin, on all of MNIST), then serve.",
  ["demo", "demo --port 9000", "demo --kv models.sqlite"],
)
  .option(
    "--port <n>",
    "port to serve on, 0 for a free one (default: PORT, or 8000)",
    integer(0, 65_535),
  )
  .addOption(kvOption())
  .action(async ({ port, kv, json }: Options) => {
    const models = await trainMissing(kv);
    if (port !== undefined) Deno.env.set("PORT", String(port));
    if (kv !== undefined) Deno.env.set("EDGEDOOR_KV", kv);
    const { address, finished } = await serve();
    const served = models.map(({ manifest: { name, version, metrics }, isNew }) => ({
      name,
      version,
      isNew,
      ...metrics,
    }));
    await finish({ json: { models: served, ...address } }, { json });
    await finished;
  });

if (import.meta.main) await main(command);

async function trainMissing(where: string | undefined): Promise<DemoModel[]> {
  using interrupt = interruptSignal("run the command again; what is trained stays");
  using kv = await openKv(where);
  const store = createKvModelStore(kv);
  const progress = createProgress();
  const models: DemoModel[] = [];
  for (const job of [trainingJob({}), trainingJob({ attack: "none" })]) {
    const stored = await store.find(job.name);
    if (stored === null) progress.note(`${job.name}: training on all of MNIST`);
    const manifest = stored ??
      (await trainModel(job, { kv, progress, signal: interrupt.signal })).manifest;
    const figures = manifest.metrics === null ? "not evaluated" : describeMetrics(manifest.metrics);
    progress.note(`${job.name}: ${stored ? "already trained" : "saved"}, ${figures}`);
    models.push({ manifest, isNew: stored === null });
  }
  return models;
}
