/**
 * The version that manifests name, which git knows: a release has a tag.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { VERSION } from "../../lib/core/version.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * The version of the code that runs.
 *
 * @param folder The project's; another in tests.
 * @returns `"0.2.0"` at the commit that the tag `v0.2.0` names, and if there is no repository, as in
 * the archive of a release. `"0.2.0-dev+3d641c5"` at any other commit, with `.modified` behind it if
 * files differ from that commit's. `"0.2.0-dev"` if git cannot say which commit it is.
 */
export function currentVersion(folder: string = root): string {
  if (!existsSync(join(folder, ".git"))) return VERSION;
  const found = /^(?:v.*-(?<later>\d+)-g)?(?<commit>[0-9a-f]+)(?<dirty>-dirty)?$/
    .exec(describe(folder) ?? "")?.groups;
  if (found === undefined) return `${VERSION}-dev`;
  const { later, commit, dirty } = found;
  if (later === "0" && dirty === undefined) return VERSION;
  return `${VERSION}-dev+${commit}${dirty === undefined ? "" : ".modified"}`;
}

/** `v0.2.0-4-g3d641c5`, four commits after the tag; without such a tag, the commit alone. */
function describe(folder: string): string | null {
  const args = ["describe", "--always", "--long", "--dirty", "--tags", "--match", `v${VERSION}`];
  try {
    const { success, stdout } = new Deno.Command("git", { args, cwd: folder }).outputSync();
    return success ? new TextDecoder().decode(stdout).trim() : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
