/**
 * Other releases of Deno than the one that runs.
 *
 * @module
 */

import { outputOf } from "../tools/run_program.ts";

/**
 * Finds a release's executable; npm fetches it if it is not there.
 *
 * @param version For example `2.5.7`.
 * @returns Its path.
 * @throws {Error} If there is no npm, or no such release.
 */
export async function denoRelease(version: string): Promise<string> {
  if (version === Deno.version.deno) return Deno.execPath();
  const program = "console.log(Deno.execPath())";
  try {
    return (await outputOf({ command: ["npx", "-y", `deno@${version}`, "eval", program] })).trim();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Cannot get Deno ${version}: npx must fetch it, got ${reason}; install Node with npm`,
      { cause },
    );
  }
}
