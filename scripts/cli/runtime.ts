/**
 * What jobs must know of a command's process.
 *
 * @module
 */

import type { Runtime } from "../../lib/job/mod.ts";
import { isTurbo, v8Flags } from "./turbo.ts";
import { currentVersion } from "./version.ts";
import { defaultWorkers } from "./workers.ts";

/** This process, as jobs need to know it. */
export function commandRuntime(): Runtime {
  return {
    tiles: isTurbo() ? "revectorized" : "portable",
    v8Flags: v8Flags(),
    deno: Deno.version.deno,
    version: currentVersion(),
    workers: defaultWorkers(),
  };
}
