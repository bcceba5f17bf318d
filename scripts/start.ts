/**
 * `deno task start` and `deno task dev`: serves.
 *
 * @module
 */

import { createCommand, main } from "./cli.ts";

const command = createCommand(
  "start",
  "Serve the demonstration and the API; PORT, HOST and EDGEDOOR_KV are read from the environment.",
  ["start", "dev"],
).action(async () => {
  const { server } = await import("../main.ts");
  await server.finished;
});

await main(command);
