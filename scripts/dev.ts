/**
 * `deno task dev`: serves, and again after each change. A command in front of `start`, because Deno
 * under `--watch` waits for a change whatever has ended: help, wrong usage, a server that was stopped.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { createCommand, main } from "./cli/cli.ts";
import { permissions } from "./cli/permissions.ts";
import { runDeno } from "./cli/run_deno.ts";
import { addServeFlags, prepareToServe, type ServeFlags } from "./cli/serve.ts";
import { projectPath } from "./cli/user_folder.ts";

const command = createCommand(
  "dev",
  "Serve, and again after each change of the source. Flags stand above the environment's PORT, " +
    "HOST, EDGEDOOR_KV.",
  ["dev", "dev --port 9000 --kv models.sqlite"],
);

addServeFlags(command).action(async (flags: ServeFlags) => {
  prepareToServe(flags);
  const start = fileURLToPath(import.meta.resolve("./start.ts"));
  // Under --watch, a server that a signal has ended in order is waited for to change.
  await runDeno(["run", ...permissions.serve, "--watch", start, ...Deno.args], {
    isKilled: true,
    // The permissions name folders of the project's; `start` goes back to where the user stands.
    cwd: projectPath(""),
    env: { INIT_CWD: Deno.cwd() },
  });
});

if (import.meta.main) await main(command);
