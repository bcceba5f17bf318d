/**
 * `deno task start`: serves.
 *
 * @module
 */

import { createCommand, finish, main } from "./cli/cli.ts";
import { addServeFlags, prepareToServe, serve, type ServeFlags } from "./cli/serve.ts";

const command = createCommand(
  "start",
  "Serve the demonstration and the API. Flags stand above the environment's PORT, HOST, EDGEDOOR_KV.",
  ["start", "start --port 9000 --host 127.0.0.1", "start --kv models.sqlite"],
);

addServeFlags(command).action(async ({ json, ...flags }: ServeFlags & { json?: boolean }) => {
  prepareToServe(flags);
  const { address, finished } = await serve();
  await finish({ json: { ...address } }, { json });
  await finished;
});

if (import.meta.main) await main(command);
