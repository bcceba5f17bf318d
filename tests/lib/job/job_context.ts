import type { JobContext, NetworkJob } from "../../../lib/job/mod.ts";

/** How jobs run in tests: nobody looks on, and nothing stops them. */
export function jobContext(changes: Partial<JobContext> = {}): JobContext {
  return {
    runtime: {
      tiles: "portable",
      v8Flags: [],
      deno: Deno.version.deno,
      version: "0.2.0",
      workers: 1,
    },
    onEvent() {},
    signal: new AbortController().signal,
    ...changes,
  };
}

/** A network that is trained in no time. */
export const quickNetwork: NetworkJob = {
  model: "badnets",
  recipe: "one-cycle",
  epochs: 1,
  workers: 1,
};
