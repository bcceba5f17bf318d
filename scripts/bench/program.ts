/**
 * Measuring programs: each measures in a fresh process, so that no variant finds a machine, a heap or
 * V8 as another left it.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { permissions } from "../cli/permissions.ts";
import { TURBO_FLAGS } from "../cli/turbo.ts";
import { outputOf, type Program } from "../tools/run_program.ts";
import { type Answer, parseAnswer } from "./answer.ts";

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
      ...["run", "--quiet", ...permissions.train, path, JSON.stringify(options)],
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

/** For the programs themselves: what they are asked for. */
export function programOptions<T>(): T {
  return JSON.parse(Deno.args[0] ?? "{}");
}

/** For the programs themselves: answers, and ends. */
export function answer(figures: Answer["figures"], about: Answer["about"] = {}): never {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify({ figures, about })}\n`));
  Deno.exit();
}
