/**
 * The `--kv` option and the opening of what it names.
 *
 * @module
 */

import { Option } from "commander";
import { UsageError } from "../../lib/core/errors.ts";

/**
 * The `--kv` option of every command that has to do with stored models.
 *
 * @example
 * ```ts
 * import { createCommand } from "./cli.ts";
 * import { kvOption } from "./kv.ts";
 *
 * const command = createCommand("train", "Train a model.", []).addOption(kvOption());
 * ```
 */
export function kvOption(): Option {
  return new Option(
    "--kv <where>",
    "a path, :memory:, or a KV Connect URL (default: Deno's default store)",
  );
}

/** How people know a store: what was given to `--kv`, or that nothing was. */
export function storeName(where: string | undefined): string {
  return where ?? "default";
}

/**
 * Opens a Deno KV database; it is closed by `using` or `close()`.
 *
 * @param where A path, `:memory:`, or a KV Connect URL (`http`, `https`), whose access token Deno
 * takes from the environment variable `DENO_KV_ACCESS_TOKEN`. Deno's default store where left out.
 * @throws {UsageError} If it is empty or a URL of another kind, or the token is not set.
 * @throws {Error} If the file or the server cannot be opened.
 */
export async function openKv(where?: string): Promise<Deno.Kv> {
  const scheme = where?.match(/^([a-z][a-z0-9+.-]*):\/\//i)?.[1]?.toLowerCase();
  const isRemote = scheme === "http" || scheme === "https";
  if (where === "" || (scheme !== undefined && !isRemote)) {
    throw new UsageError(
      `Cannot open the store: --kv must be a path, :memory:, or an http(s) URL, got "${where}"`,
    );
  }
  if (isRemote && !Deno.env.get("DENO_KV_ACCESS_TOKEN")) {
    throw new UsageError(
      `Cannot open the store ${where}: the environment variable DENO_KV_ACCESS_TOKEN must hold its ` +
        `access token, got none`,
    );
  }
  try {
    return await Deno.openKv(where);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const advice = isRemote
      ? "check that the server runs there and that DENO_KV_ACCESS_TOKEN is its token"
      : "its folder must exist and be writable, and the file be a Deno KV database";
    const what = `Cannot open the store ${storeName(where)}: ${error.message}; ${advice}`;
    throw new Error(what, { cause: error });
  }
}
