/**
 * One of the workers of `start --workers`: the server, which reads its settings from the environment,
 * in a thread of its own. It says when it listens.
 *
 * @module
 */

import { parentPort } from "node:worker_threads";
import { startServer } from "../../server.ts";

await startServer();
parentPort?.postMessage("listens");
