/**
 * `deno task start` and `deno task dev`: serves.
 *
 * @module
 */

import { createCommand, finish, main } from "./cli/cli.ts";
import { serve } from "./cli/serve.ts";

const command = createCommand(
  "start",
  "Serve the demonstration and the API; PORT, HOST and EDGEDOOR_KV are read from the environment.",
  ["start", "dev"],
).action(async ({ json }: { json?: boolean }) => {
  const { address, finished } = await serve();
  await finish({ json: { ...address } }, { json });
  await finished;
});

if (import.meta.main) await main(command);
