/**
 * What a server that runs needs no more.
 *
 * @module
 */

import { resolve } from "node:path";
import { isRemoteKv } from "../../lib/registry/mod.ts";

/**
 * Gives up, for good and for all threads, what this process was permitted in order to start: to
 * write, to read what is not served, to run programs, to load libraries, and to speak to other hosts.
 * The database stays open, and the server listens: neither asks again.
 *
 * A database behind a URL does ask, at every call, for hosts that it tells only then and may change:
 * with one, the network stays open.
 *
 * @param store What names the database; Deno's default one if it is `undefined`.
 */
export async function dropPermissions(store: string | undefined): Promise<void> {
  for (const name of ["write", "run", "ffi", "sys"] as const) {
    await Deno.permissions.revoke({ name });
  }
  // The task of `start` permits it beside what is served, which stays.
  await Deno.permissions.revoke({ name: "read", path: resolve("/") });
  if (!isRemoteKv(store)) await Deno.permissions.revoke({ name: "net" });
}
