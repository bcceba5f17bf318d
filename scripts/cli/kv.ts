/**
 * The `--kv` option and the opening of what it names.
 *
 * @module
 */

import { tmpdir } from "node:os";
import { Option } from "commander";
import { openKv as openStore } from "../../lib/registry/open_kv.ts";
import { defaultStore } from "./default_store.ts";

export { storeName } from "../../lib/registry/open_kv.ts";

/**
 * The `--kv` option of every command that has to do with stored models.
 *
 * @param byDefault What is opened without it.
 *
 * @example
 * ```ts
 * import { createCommand } from "./cli.ts";
 * import { kvOption } from "./kv.ts";
 *
 * const command = createCommand("train", "Train a model.", []).addOption(kvOption());
 * ```
 */
export function kvOption(byDefault = "Deno's default store"): Option {
  return new Option(
    "--kv <where>",
    `a path, :memory:, or a KV Connect URL (default: ${byDefault})`,
  );
}

/**
 * Opens what `--kv` names.
 *
 * @param where The project's default store (`default_store.ts`) if left out.
 * @throws {UsageError} If it is empty or a URL of another kind, or a server has no access token.
 * @throws {Error} If the file or the server cannot be opened.
 */
export function openKv(where?: string): Promise<Deno.Kv> {
  return openStore(where ?? defaultStore(), {
    setting: "--kv",
    accessToken: Deno.env.get("DENO_KV_ACCESS_TOKEN"),
  });
}

/**
 * Folders for a trained model that the store does not take: where the command runs, or the system's
 * for temporary files, which may lie on another disk.
 */
export function keepFolders(): readonly string[] {
  return [Deno.cwd(), tmpdir()];
}
