/**
 * `--turbo`: the same command again, in a process of its own under two flags of V8 that make
 * WebAssembly faster and take its guards away.
 *
 * @module
 */

import { fileURLToPath } from "node:url";
import { Option } from "commander";
import { permissions } from "./permissions.ts";
import { runDeno, type RunDenoOptions } from "./run_deno.ts";

/**
 * No bounds check at each load and store, and pairs of 128-bit operations fused into 256-bit ones.
 * V8 reads its flags when a process starts, so that no running program can set them.
 */
export const TURBO_FLAGS: readonly string[] = [
  "--no-wasm-bounds-checks",
  "--experimental-wasm-revectorize",
];

/** The `--turbo` option of the commands that train or evaluate. Serving has none. */
export function turboOption(): Option {
  return new Option(
    "--turbo",
    `run under V8's flags ${
      TURBO_FLAGS.join(" and ")
    }: faster, but without bounds checks a faulty ` +
      "kernel would corrupt memory instead of stopping, so only for models and data of your own",
  );
}

/**
 * V8's flags of this process, those in the environment variable `DENO_V8_FLAGS`: a program cannot
 * see the ones of its command line.
 */
export function v8Flags(): string[] {
  return Deno.env.get("DENO_V8_FLAGS")?.split(",").filter(Boolean) ?? [];
}

/** Whether this process runs under turbo's flags already. */
export function isTurbo(): boolean {
  const flags = v8Flags();
  return TURBO_FLAGS.every((flag) => flags.includes(flag));
}

/** What a process needs in its environment to run under turbo's flags, beside this one's own. */
export function turboEnvironment(): { readonly DENO_V8_FLAGS: string } {
  return { DENO_V8_FLAGS: [...new Set([...v8Flags(), ...TURBO_FLAGS])].join(",") };
}

/**
 * Runs a command under turbo's flags to its end, as `runDeno` does.
 *
 * @param script The command's file, a `file:` URL.
 * @param args Its arguments.
 * @param options Whether it shares standard output too, or prints its answer to no one.
 * @throws {Error} If this V8 does not know the flags.
 * @throws {ChildFailure} If the command ends with another status than 0; it has said why.
 */
export async function runInTurbo(
  script: string,
  args: readonly string[],
  { stdout }: Pick<RunDenoOptions, "stdout"> = {},
): Promise<void> {
  await checkV8Flags(TURBO_FLAGS);
  await runDeno(["run", "--quiet", ...permissions.train, fileURLToPath(script), ...args], {
    env: turboEnvironment(),
    stdout,
  });
}

/**
 * Checks that V8 knows some flags, by a process that does nothing under them.
 *
 * @throws {Error} If it does not.
 */
export async function checkV8Flags(flags: readonly string[]): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "0"],
    env: { DENO_V8_FLAGS: flags.join(",") },
    stdout: "null",
    stderr: "null",
  }).output();
  if (success) return;
  const { deno, v8 } = Deno.version;
  throw new Error(
    `Cannot run with --turbo: V8 must know the flags ${
      flags.join(" and ")
    }, got V8 ${v8} of Deno ` +
      `${deno}, which does not; leave --turbo out`,
  );
}
