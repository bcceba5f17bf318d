/**
 * A root folder with no more in it than a few programs, in which an image is built as Docker builds
 * it, and run as Docker runs it: without Docker, a registry or mounts, by `chroot`, so as root.
 *
 * @module
 */

import { dirname, join } from "node:path";
import { includedPaths, type Instruction } from "./dockerfile.ts";

/** The base image's user, `deno`. */
const USER = 1993;

/** What of the base image an image's build and its command call. */
const PROGRAMS = ["sh", "install"];

/** A root folder. */
export interface BareRoot extends AsyncDisposable {
  readonly folder: string;
  /**
   * Carries out an instruction of a Dockerfile; `deno install` outside of the root, with this
   * machine's cache of packages.
   */
  apply(instruction: Instruction): Promise<void>;
  /** Starts a program in it, as the base image's user, in the folder that `WORKDIR` named. */
  start(command: readonly string[], env: Readonly<Record<string, string>>): Deno.ChildProcess;
}

/** Makes a root like the base image's. */
export async function createBareRoot(project: string): Promise<BareRoot> {
  if (Deno.uid() !== 0) throw new Error("Cannot build an image: the tests must run as root");
  const folder = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o755);
  for (const path of ["bin", "usr/bin", "etc", "deno-dir", "proc/self"]) {
    await Deno.mkdir(join(folder, path), { recursive: true });
  }
  const programs = [
    [Deno.execPath(), "usr/bin/deno"],
    ...await Promise.all(PROGRAMS.map(async (name) => [await which(name), `bin/${name}`])),
  ] as const;
  for (const [program, place] of programs) await addProgram(program, place);
  const users = ["root:x:0:0::/:/bin/sh", `deno:x:${USER}:${USER}::/:/bin/sh`];
  await Deno.writeTextFile(join(folder, "etc/passwd"), `${users.join("\n")}\n`);
  await Deno.writeTextFile(join(folder, "etc/group"), `root:x:0:\ndeno:x:${USER}:\n`);
  // The one file of /proc without which Deno does not start: to mount it would need more than root.
  await Deno.symlink("/usr/bin/deno", join(folder, "proc/self/exe"));
  const env = { PATH: "/usr/bin:/bin", DENO_DIR: "/deno-dir", NO_COLOR: "1" };
  let workdir = "/";
  const chroot = await which("chroot");

  async function addProgram(program: string, place: string): Promise<void> {
    await Deno.copyFile(program, join(folder, place));
    const libraries = await output("ldd", [program]);
    for (const [path] of libraries.matchAll(/\/\S+/g)) {
      const copy = join(folder, path);
      await Deno.mkdir(dirname(copy), { recursive: true });
      await Deno.copyFile(path, copy);
    }
  }

  async function copy(from: string, to: string): Promise<void> {
    const { isDirectory } = await Deno.stat(from);
    if (!isDirectory) return await Deno.copyFile(from, to);
    await Deno.mkdir(to, { recursive: true });
    for await (const { name } of Deno.readDir(from)) await copy(join(from, name), join(to, name));
  }

  return {
    folder,
    async apply({ name, rest }) {
      const here = join(folder, workdir);
      if (name === "WORKDIR") {
        workdir = rest;
        await Deno.mkdir(join(folder, rest), { recursive: true });
      } else if (name === "COPY") {
        const sources = rest.split(" ").slice(0, -1);
        const included = includedPaths(await Deno.readTextFile(join(project, ".dockerignore")));
        const paths = sources.flatMap((source) => source === "." ? included : [source]);
        for (const path of paths) await copy(join(project, path), join(here, path));
      } else if (name === "RUN" && rest.startsWith("deno install ")) {
        await output(Deno.execPath(), rest.split(" ").slice(1), { cwd: here });
      } else if (name === "RUN") {
        const line = `cd ${workdir} && ${rest}`;
        await output(chroot, [folder, "/bin/sh", "-c", line], { clearEnv: true, env });
      }
    },
    start(command, variables) {
      // `chroot` itself begins in the root.
      const enter = ["/bin/sh", "-c", `cd ${workdir} && exec "$@"`, "sh"];
      return new Deno.Command(chroot, {
        args: [`--userspec=${USER}:${USER}`, folder, ...enter, ...command],
        clearEnv: true,
        env: { ...env, ...variables },
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
    },
    async [Symbol.asyncDispose]() {
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function which(program: string): Promise<string> {
  return (await output("sh", ["-c", `command -v ${program}`])).trim();
}

async function output(
  program: string,
  args: readonly string[],
  options: Deno.CommandOptions = {},
): Promise<string> {
  const command = new Deno.Command(program, { ...options, args: [...args] });
  const { success, stdout, stderr } = await command.output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
