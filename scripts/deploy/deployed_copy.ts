/**
 * What is deployed: the project's files and packages, in a folder that the server cannot write to.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { absentAsNull } from "../../lib/core/absent_as_null.ts";
import { outputOf } from "../tools/run_program.ts";

/** The part of `deno.json` that Deno Deploy reads. */
export interface DeployConfig {
  /** The command that installs the packages. */
  readonly install: string;
  readonly runtime: {
    readonly entrypoint: string;
    /** In MB. */
    readonly memoryLimit: number;
  };
}

/** A copy of what is deployed. */
export interface DeployedCopy {
  readonly folder: string;
  readonly config: DeployConfig;
  /** How many files, packages aside. */
  readonly files: number;
}

/**
 * Copies what git knows and does not ignore, and installs the packages by the command of `deno.json`.
 *
 * @param project The project's folder.
 * @param folder Where to; is made.
 * @throws {Error} If git cannot list the files, or the packages cannot be installed.
 */
export async function copyDeployed(project: string, folder: string): Promise<DeployedCopy> {
  const list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = await outputOf({ command: ["git", "-C", project, ...list] });
  let files = 0;
  for (const path of listed.split("\0").filter(Boolean)) {
    const copy = join(folder, path);
    await Deno.mkdir(dirname(copy), { recursive: true });
    // One that was deleted and not yet committed is listed too.
    const copied = await absentAsNull(Deno.copyFile(join(project, path), copy).then(() => true));
    if (copied) files++;
  }
  const { deploy }: { deploy: DeployConfig } = JSON.parse(
    await Deno.readTextFile(join(folder, "deno.json")),
  );
  const [program, ...args] = deploy.install.split(" ");
  if (program !== "deno") {
    throw new Error(`Cannot install: the command must be one of Deno's, got ${deploy.install}`);
  }
  await outputOf({ command: [Deno.execPath(), ...args], cwd: folder });
  return { folder, config: deploy, files };
}

/**
 * Lets nobody but root write into a folder, or below it. Files are not touched: those of packages may
 * be the cache's own.
 */
export async function forbidWriting(folder: string): Promise<void> {
  for await (const directory of directoriesIn(folder)) await Deno.chmod(directory, 0o555);
}

/** Takes {@linkcode forbidWriting} back, so that the folder can be removed. */
export async function permitWriting(folder: string): Promise<void> {
  for await (const directory of directoriesIn(folder)) await Deno.chmod(directory, 0o755);
}

/** A state of a folder, to compare it with a later one: paths, sizes and times. */
export async function stateOf(folder: string): Promise<string> {
  const entries: string[] = [];
  for await (const directory of directoriesIn(folder)) {
    for await (const { name, isFile } of Deno.readDir(directory)) {
      if (!isFile) continue;
      const { size, mtime } = await Deno.stat(join(directory, name));
      entries.push(`${join(directory, name)} ${size} ${mtime?.getTime()}`);
    }
  }
  return entries.sort().join("\n");
}

/** The folder itself and all below it, links aside; each before what it holds. */
async function* directoriesIn(folder: string): AsyncGenerator<string> {
  yield folder;
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    if (isDirectory) yield* directoriesIn(join(folder, name));
  }
}
