/**
 * Deno's default store of the project.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { sha256Sync } from "../../lib/core/digest.ts";
import { projectPath } from "./user_folder.ts";

/** The variables of the environment that are read here, for permissions. */
export const DEFAULT_STORE_VARIABLES = ["DENO_DIR", "XDG_CACHE_HOME", "HOME", "LOCALAPPDATA"];

/**
 * The file that `Deno.openKv()` opens in a program under `deno.json`. Deno names it by the digest of
 * the configuration's address; commands run under another configuration, with fewer packages, and
 * would have another store than a program of the user's, and than they had before.
 *
 * @returns Its path; its folder is made. `undefined` if the environment does not say where Deno keeps
 * its files: Deno's own choice is the best then.
 */
export function defaultStore(): string | undefined {
  const cache = denoFolder();
  if (cache === undefined) return undefined;
  const configuration = pathToFileURL(projectPath("deno.json")).href;
  const key = sha256Sync(new TextEncoder().encode(configuration));
  const folder = join(cache, "location_data", key);
  Deno.mkdirSync(folder, { recursive: true });
  return join(folder, "kv.sqlite3");
}

/** Where Deno keeps its files: `DENO_DIR`, or its folder in the user's cache. */
function denoFolder(): string | undefined {
  const [own, xdg, home, windows] = DEFAULT_STORE_VARIABLES.map((name) => Deno.env.get(name));
  if (own) return resolve(own);
  switch (Deno.build.os) {
    case "windows":
      return windows && join(windows, "deno");
    case "darwin":
      return home && join(home, "Library", "Caches", "deno");
    default:
      return xdg ? join(xdg, "deno") : home && join(home, ".cache", "deno");
  }
}
