/**
 * The server as a program, for `deno run` and for Deno Deploy: `server.ts` says what it reads.
 *
 * @module
 */

import { startServer } from "./server.ts";

await startServer();
