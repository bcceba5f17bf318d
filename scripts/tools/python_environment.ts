/**
 * Python environments for programs that are not Deno's.
 *
 * @module
 */

import { absentAsNull } from "../../lib/core/absent_as_null.ts";
import { outputOf } from "./run_program.ts";

/**
 * Makes an environment with what a file of requirements asks for, unless it is there.
 *
 * @param folder Where; what is there and was made for other requirements is replaced.
 * @param requirements Path of a file for pip, with exact versions.
 * @param options.onInstall Told before something is installed.
 * @returns The path of its Python.
 * @throws {Error} If there is no Python 3 with `venv`, or a package cannot be installed.
 */
export async function setUpPython(
  folder: string,
  requirements: string,
  { onInstall }: { onInstall: () => void },
): Promise<string> {
  const python = `${folder}/bin/python`;
  // Written last: without it, the environment is not whole.
  const complete = `${folder}/requirements.txt`;
  const wanted = await Deno.readTextFile(requirements);
  if (await absentAsNull(Deno.readTextFile(complete)) === wanted) return python;
  onInstall();
  await outputOf({ command: ["python3", "-m", "venv", "--clear", folder] });
  await outputOf({ command: [python, "-m", "pip", "install", "--quiet", "-r", requirements] });
  await Deno.writeTextFile(complete, wanted);
  return python;
}
