/**
 * `deno task demo`: trains the backdoored model and its clean twin where they are missing, then
 * serves the demonstration.
 *
 * @module
 */

import { UsageError } from "../lib/core/errors.ts";
import {
  argumentsOf,
  type NamedTrainingJob,
  resolveNamedJob,
  spellFlag,
  trainModel,
  type TrainRequest,
} from "../lib/job/mod.ts";
import { createKvModelStore, type ModelManifest } from "../lib/registry/mod.ts";
import { integer } from "./cli/arguments.ts";
import { createCommand, finish, interruptSignal, main } from "./cli/cli.ts";
import { describeMetrics } from "./cli/describe_metrics.ts";
import { keepFolders, kvOption, openKv } from "./cli/kv.ts";
import { createJobDisplay } from "./cli/progress.ts";
import { commandRuntime } from "./cli/runtime.ts";
import { serve } from "./cli/serve.ts";
import { runInTurbo, turboOption } from "./cli/turbo.ts";

/** What `train` is asked for each of the demonstration's models. */
const requests: readonly TrainRequest[] = [{}, { attack: "none" }];

interface Options {
  readonly port?: number;
  readonly turbo?: boolean;
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
  ["demo", "demo --port 9000", "demo --kv models.sqlite", "demo --turbo"],
)
  .option(
    "--port <n>",
    "port to serve on, 0 for a free one (default: PORT, or 8000)",
    integer(0, 65_535),
  )
  .addOption(turboOption())
  .addOption(kvOption())
  .action(async ({ port, turbo = false, kv, json }: Options) => {
    if (turbo && kv === ":memory:") {
      throw new UsageError(
        "Cannot train with --turbo: --kv must be a store that another process can open, got " +
          ":memory:; leave one of them out",
      );
    }
    const models = await trainMissing(kv, turbo);
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

async function trainMissing(where: string | undefined, turbo: boolean): Promise<DemoModel[]> {
  using interrupt = interruptSignal("run the command again; what is trained stays");
  using kv = await openKv(where);
  const store = createKvModelStore(kv);
  const display = createJobDisplay();
  const runtime = commandRuntime();
  const context = {
    ...{ runtime, store, keepIn: keepFolders() },
    ...{ onEvent: display.onEvent, signal: interrupt.signal },
  };
  const train = async (job: NamedTrainingJob, request: TrainRequest): Promise<ModelManifest> => {
    if (!turbo) return (await trainModel(job, context)).manifest;
    // Trained in a process of its own, which ends with it: the server never runs under those flags.
    const args = [
      ...argumentsOf(request),
      ...where === undefined ? [] : ["--kv", where],
      "--turbo",
    ];
    await runInTurbo(import.meta.resolve("./train.ts"), args, { stdout: "null" });
    return (await store.find(job.name))!;
  };
  const models: DemoModel[] = [];
  for (const request of requests) {
    const job = resolveNamedJob(request, { ...runtime, spell: spellFlag });
    const { name } = job;
    const stored = await store.find(name);
    if (stored === null) display.note(`${name}: training on all of MNIST`);
    const manifest = stored ?? await train(job, request);
    const figures = manifest.metrics === null ? "not evaluated" : describeMetrics(manifest.metrics);
    display.note(`${name}: ${stored ? "already trained" : "saved"}, ${figures}`);
    models.push({ manifest, isNew: stored === null });
  }
  display.stop();
  return models;
}
