/**
 * Opening the Deno KV database that a setting names.
 *
 * @module
 */

import { BusyError, UsageError } from "../core/errors.ts";
import { reasonOf } from "../core/reason_of.ts";
import { patiently } from "./patient_kv.ts";

/** What the one who opens a database says about it. */
export interface OpenKvOptions {
  /** How people name the database, for messages: `--kv`, `EDGEDOOR_KV`. */
  readonly setting: string;
  /** `DENO_KV_ACCESS_TOKEN` of the environment, which Deno shows to a server. */
  readonly accessToken?: string | undefined;
}

/**
 * Opens a Deno KV database; it is closed by `using` or `close()`.
 *
 * @param where A path, `:memory:`, or a KV Connect URL (`http`, `https`). Deno's default database if
 * left out.
 * @throws {UsageError} If it is empty or a URL of another kind, or a server has no access token.
 * @throws {BusyError} If other programs keep it locked.
 * @throws {Error} If the file or the server cannot be opened.
 *
 * @example
 * ```ts
 * import { openKv } from "./open_kv.ts";
 *
 * using kv = await openKv(":memory:", { setting: "--kv" });
 * ```
 */
export async function openKv(
  where: string | undefined,
  { setting, accessToken }: OpenKvOptions,
): Promise<Deno.Kv> {
  const scheme = where?.match(/^([a-z][a-z0-9+.-]*):\/\//i)?.[1]?.toLowerCase();
  const isRemote = scheme === "http" || scheme === "https";
  if (where === "" || (scheme !== undefined && !isRemote)) {
    throw new UsageError(
      `Cannot open the store: ${setting} must be a path, :memory:, or an http(s) URL, got "${where}"`,
    );
  }
  if (isRemote && !accessToken) {
    throw new UsageError(
      `Cannot open the store ${where}: the environment variable DENO_KV_ACCESS_TOKEN must hold its ` +
        `access token, got none`,
    );
  }
  try {
    return await patiently(() => Deno.openKv(where));
  } catch (cause) {
    if (cause instanceof BusyError) throw cause;
    if (!(cause instanceof Error)) throw cause;
    const reason = cause instanceof Deno.errors.NotCapable ? reasonOf(cause) : cause.message;
    const advice = isRemote
      ? "check that the server runs there and that DENO_KV_ACCESS_TOKEN is its token"
      : "its folder must exist and be writable, and the file be a Deno KV database; or set " +
        `${setting} to another`;
    throw new Error(`Cannot open the store ${storeName(where)}: ${reason}; ${advice}`, { cause });
  }
}

/** How people know a database: by what names it, or that nothing does. */
export function storeName(where: string | undefined): string {
  return where ?? "default";
}
