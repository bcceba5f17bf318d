/**
 * `deno task demo`: trains the backdoored model and its clean twin where they are missing, then
 * serves the demonstration.
 *
 * @module
 */

import { UsageError } from "../lib/core/errors.ts";
import {
  argumentsOf,
  describeMetrics,
  type NamedTrainingJob,
  resolveNamedJob,
  spellFlag,
  trainModel,
  type TrainRequest,
} from "../lib/job/mod.ts";
import { createKvModelStore, type ModelManifest } from "../lib/registry/mod.ts";
import { createCommand, finish, interruptSignal, main } from "./cli/cli.ts";
import { keepFolders, openKv } from "./cli/kv.ts";
import { createJobDisplay } from "./cli/progress.ts";
import { commandRuntime } from "./cli/runtime.ts";
import { addServeFlags, prepareToServe, serve, type ServeFlags } from "./cli/serve.ts";
import { signingKey } from "./cli/signing.ts";
import { runInTurbo, turboOption } from "./cli/turbo.ts";

/** What `train` is asked for each of the demonstration's models. */
const requests: readonly TrainRequest[] = [{}, { attack: "none" }];

interface Options extends ServeFlags {
  readonly turbo?: boolean;
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
);

addServeFlags(command)
  .addOption(turboOption())
  .action(async ({ turbo = false, json, ...flags }: Options) => {
    const kv = flags.kv ?? (Deno.env.get("EDGEDOOR_KV") || undefined);
    if (kv === ":memory:") {
      throw new UsageError(
        "Cannot train for the demonstration: --kv must be a store that the server can open again, " +
          "got :memory:; give a path, or leave it out",
      );
    }
    prepareToServe(flags);
    const models = await trainMissing(kv, turbo);
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
  const store = createKvModelStore(kv, { key: await signingKey() });
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
