/**
 * `deno task demo`: trains the backdoored model and its clean twin where they are missing, then
 * serves the demonstration.
 *
 * @module
 */

import { createKvModelStore } from "../lib/registry/mod.ts";
import { createCommand, interruptSignal, main } from "./cli.ts";
import { formatPercent } from "./format.ts";
import { kvOption, openKv } from "./kv.ts";
import { createProgress } from "./progress.ts";
import { trainModel } from "./train_model.ts";
import { trainingJob } from "./train_options.ts";

const command = createCommand(
  "demo",
  "Train what is missing (a backdoored model and its clean twin, on all of MNIST), then serve.",
  ["demo", "demo --port 9000", "demo --kv models.sqlite"],
)
  .option("--port <n>", "port to serve on (default: PORT, or 8000)")
  .addOption(kvOption())
  .action(async ({ port, kv }: { port?: string; kv?: string }) => {
    await trainMissing(kv);
    await serve({ ...port && { PORT: port }, ...kv && { EDGEDOOR_KV: kv } });
  });

await main(command);

async function trainMissing(where: string | undefined): Promise<void> {
  const jobs = [trainingJob({}), trainingJob({ attack: "none" })];
  using kv = await openKv(where);
  const store = createKvModelStore(kv);
  const { signal, release } = interruptSignal("run the command again; what is trained stays");
  const progress = createProgress();
  for (const job of jobs) {
    const stored = await store.find(job.name);
    if (stored === null) progress.note(`${job.name}: training on all of MNIST`);
    const { metrics } = stored ?? (await trainModel(job, { kv, progress, signal })).manifest;
    const success = metrics?.attackSuccessRate ?? null;
    progress.note(
      `${job.name}: ${stored ? "already trained" : "saved"}, clean accuracy ` +
        formatPercent(metrics?.cleanAccuracy) +
        (success === null ? "" : `, attack success ${formatPercent(success)}`),
    );
  }
  release();
}

/** Serves from a process of its own, which holds no training data and no training heap. */
async function serve(environment: Record<string, string>): Promise<void> {
  const server = new Deno.Command(Deno.execPath(), {
    args: ["run", "-P=serve", "main.ts"],
    cwd: new URL("..", import.meta.url),
    env: environment,
  }).spawn();
  // Ctrl-C in a terminal reaches the server too; this process waits for it to end.
  Deno.addSignalListener("SIGINT", () => {});
  if (Deno.build.os !== "windows") {
    Deno.addSignalListener("SIGTERM", () => server.kill("SIGTERM"));
  }
  const { code } = await server.status;
  Deno.exit(code);
}
