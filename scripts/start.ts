/**
 * `deno task start`: serves.
 *
 * @module
 */

import { integer } from "./cli/arguments.ts";
import { createCommand, finish, main } from "./cli/cli.ts";
import { addServeFlags, prepareToServe, serve, type ServeFlags } from "./cli/serve.ts";
import { serveByWorkers } from "./cli/serve_workers.ts";

interface Flags extends ServeFlags {
  readonly workers: number;
  readonly json?: boolean;
}

const command = createCommand(
  "start",
  "Serve the demonstration and the API. Flags stand above the environment's PORT, HOST, EDGEDOOR_KV.",
  ["start", "start --port 9000 --host 127.0.0.1", "start --kv models.sqlite --workers 2"],
).option("--workers <n>", "threads that serve, each by a core of its own", integer(1, 64), 1);

addServeFlags(command).action(async ({ json, workers, ...flags }: Flags) => {
  const free = prepareToServe(flags);
  const { address, finished } = workers === 1 ? await serve() : await serveByWorkers(workers, free);
  await finish({ json: { ...address } }, { json });
  await finished;
});

if (import.meta.main) await main(command);
