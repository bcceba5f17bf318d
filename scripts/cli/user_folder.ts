/**
 * Folders: where the user stands, from which the paths of all flags are taken, and the project's.
 *
 * @module
 */

import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder. */
const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Goes to where the user stands. `deno task` runs a command in the project's folder and leaves in the
 * environment variable `INIT_CWD` the folder in which it was called; a command that is run elsewhere
 * stands where the user does already.
 *
 * @throws {Error} If that folder is gone.
 */
export function goToUser(): void {
  const folder = Deno.env.get("INIT_CWD");
  if (!folder || relative(root, Deno.cwd()) !== "") return;
  try {
    Deno.chdir(folder);
  } catch (error) {
    throw new Error(
      `Cannot begin in ${folder}: INIT_CWD must be the folder that the command is called in, got ` +
        `"${error instanceof Error ? error.message : error}"; go to a folder that exists`,
      { cause: error },
    );
  }
}

/** Where something of the project is, wherever the user stands. */
export function projectPath(path: string): string {
  return `${root}${path}`;
}

/** A path of the user's for a program that runs in the project's folder. */
export function fromProject(path: string): string {
  return relative(root, resolve(path));
}
