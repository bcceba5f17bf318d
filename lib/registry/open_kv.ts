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
  checkKvPlace(where, { setting, accessToken });
  const isRemote = isRemoteKv(where);
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

/**
 * Refuses what names no database, without looking whether there is one.
 *
 * @throws {UsageError} As `openKv` does.
 */
export function checkKvPlace(
  where: string | undefined,
  { setting, accessToken }: OpenKvOptions,
): void {
  if (where === "" || (schemeOf(where) !== undefined && !isRemoteKv(where))) {
    throw new UsageError(
      `Cannot open the store: ${setting} must be a path, :memory:, or an http(s) URL, got "${where}"`,
    );
  }
  if (isRemoteKv(where) && !accessToken) {
    throw new UsageError(
      `Cannot open the store ${where}: the environment variable DENO_KV_ACCESS_TOKEN must hold its ` +
        `access token, got none`,
    );
  }
}

/** Whether a database is on a server, and spoken to by KV Connect. */
export function isRemoteKv(where: string | undefined): where is string {
  return /^https?$/.test(schemeOf(where) ?? "");
}

function schemeOf(where: string | undefined): string | undefined {
  return where?.match(/^([a-z][a-z0-9+.-]*):\/\//i)?.[1]?.toLowerCase();
}

/**
 * Looks whether the server of a database answers at all, whatever it says.
 *
 * @param where Its KV Connect URL.
 * @param signal Gives up.
 * @throws {TypeError} If it does not.
 */
export async function reachKv(
  where: string,
  { accessToken, signal }: { readonly accessToken: string; readonly signal: AbortSignal },
): Promise<void> {
  const response = await fetch(where, {
    method: "POST",
    headers: { Authorization: `Bearer ${accessToken}`, "Content-Type": "application/json" },
    // How a connection begins (https://github.com/denoland/denokv/blob/main/proto/kv-connect.md).
    body: JSON.stringify({ supportedVersions: [1, 2, 3] }),
    signal,
  });
  await response.body?.cancel();
}

/** How people know a database: by what names it, or that nothing does. */
export function storeName(where: string | undefined): string {
  return where ?? "default";
}
