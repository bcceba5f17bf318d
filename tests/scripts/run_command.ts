/** Commands as processes of their own, with the permissions that their tasks have. */

import { fileURLToPath } from "node:url";
import { permissions } from "../../scripts/cli/permissions.ts";
import { type Fault, faultEnvironment } from "../fault.ts";

/** What a command came to. */
export interface Outcome {
  /** Exit status; 128 and the signal's number where one ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and how a command runs. */
export interface CommandOptions {
  /** Those of which task; `train` unless given. */
  readonly permissions?: keyof typeof permissions;
  readonly env?: Record<string, string>;
  /** A module that is run before it, in its process. */
  readonly preload?: string;
  /** A signal that it gets at a moment of its own. */
  readonly fault?: Fault;
}

/** A command that runs. */
export interface RunningCommand {
  readonly pid: number;
  /**
   * Resolves when standard error holds a match.
   *
   * @throws {Error} Where the command ends without one, or goes on for {@linkcode patience} without:
   * it is killed then.
   */
  waitFor(pattern: RegExp): Promise<RegExpMatchArray>;
  /** Sends a signal; nothing happens where the command has ended. */
  kill(signal: Deno.Signal): void;
  readonly outcome: Promise<Outcome>;
}

/** How long a command may take to say what a test waits for, in ms: no hung command hangs the tests. */
const patience = 180_000;

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Runs a command to its end. */
export function runCommand(
  name: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Outcome> {
  return startCommand(name, args, options).outcome;
}

/**
 * Starts a command.
 *
 * @param name The file's in `scripts/`, without `.ts`.
 */
export function startCommand(
  name: string,
  args: readonly string[],
  { permissions: set = "train", env = {}, preload, fault }: CommandOptions = {},
): RunningCommand {
  return startProgram(
    [
      ...["-q", ...permissions[set], ...fault ? ["--preload=tests/fault.ts"] : []],
      ...preload === undefined ? [] : [`--preload=${preload}`],
      ...[`scripts/${name}.ts`, ...args],
    ],
    { ...env, ...fault && faultEnvironment(fault) },
  );
}

/** Starts `deno run` in the project's folder. */
export function startProgram(
  args: readonly string[],
  env: Record<string, string> = {},
): RunningCommand {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", ...args],
    cwd: root,
    // Where tests are run from is not where the user of a command stands.
    env: { NO_COLOR: "1", DENO_KV_ACCESS_TOKEN: "", INIT_CWD: "", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let stderr = "";
  let isOver = false;
  let wake = Promise.withResolvers<void>();
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      stderr += text;
      wake.resolve();
      wake = Promise.withResolvers();
    }
    isOver = true;
    wake.resolve();
  })();
  const outcome = (async () => {
    const stdout = await new Response(child.stdout).text();
    await reading;
    return { status: (await child.status).code, stdout, stderr };
  })();
  const kill = (signal: Deno.Signal) => {
    try {
      child.kill(signal);
    } catch (error) {
      // Deno's word for a process that has ended.
      if (!(error instanceof TypeError)) throw error;
    }
  };
  return {
    pid: child.pid,
    outcome,
    kill,
    async waitFor(pattern) {
      const late = AbortSignal.timeout(patience);
      late.addEventListener("abort", () => wake.resolve());
      for (;;) {
        const match = pattern.exec(stderr);
        if (match !== null) return match;
        if (isOver) throw new Error(`the command ended without ${pattern}: ${stderr}`);
        if (late.aborted) {
          kill("SIGKILL");
          throw new Error(`the command goes on without ${pattern}: ${stderr}`);
        }
        await wake.promise;
      }
    },
  };
}

/** Runs a test with a new folder. */
export async function withFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
