/**
 * Measuring programs: each measures in a fresh process, so that no variant finds a machine, a heap or
 * V8 as another left it.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { TURBO_FLAGS } from "../turbo.ts";
import { type Answer, parseAnswer } from "./answer.ts";

/** A command line, and V8's flags for it where it is Deno's. */
export interface Program {
  readonly command: readonly [executable: string, ...args: string[]];
  /** Left out: none, whatever this process runs under. */
  readonly v8Flags?: readonly string[];
}

/**
 * A program of `programs/`.
 *
 * @param name Its file there, without `.ts`.
 * @param options What it is asked for, as the program documents it.
 * @param settings Whether it runs under V8's turbo flags; without, under none.
 */
export function denoProgram(
  name: string,
  options: object,
  { turbo }: { turbo: boolean },
): Program {
  const path = fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url));
  return {
    command: [
      Deno.execPath(),
      ...["run", "--quiet", "-P=train", path, JSON.stringify(options)],
    ],
    v8Flags: turbo ? TURBO_FLAGS : [],
  };
}

/**
 * Runs a measuring program to its end.
 *
 * @returns Its answer.
 * @throws {Error} If it fails; says how its standard error ends.
 */
export async function runProgram(program: Program): Promise<Answer> {
  return parseAnswer(await outputOf(program));
}

/**
 * Runs a program to its end.
 *
 * @returns What it printed on standard output.
 * @throws {Error} If it fails; says how its standard error ends.
 */
export async function outputOf(
  { command: [executable, ...args], v8Flags = [] }: Program,
): Promise<string> {
  const { DENO_V8_FLAGS: _, ...env } = Deno.env.toObject();
  const child = new Deno.Command(executable, {
    args,
    cwd: new URL("../..", import.meta.url),
    clearEnv: true,
    // Deno takes an empty list for a flag that V8 does not know.
    env: v8Flags.length === 0 ? env : { ...env, DENO_V8_FLAGS: v8Flags.join(",") },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  if (code === 0) return text.decode(stdout);
  throw new Error(
    `Cannot measure: ${executable} ${args.join(" ")} must end with status 0, got ${code}: ` +
      text.decode(stderr).trim().slice(-500),
  );
}

/** For the programs themselves: what they are asked for. */
export function programOptions<T>(): T {
  return JSON.parse(Deno.args[0] ?? "{}");
}

/** For the programs themselves: answers, and ends. */
export function answer(figures: Answer["figures"], about: Answer["about"] = {}): never {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify({ figures, about })}\n`));
  Deno.exit();
}
