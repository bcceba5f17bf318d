/**
 * Programs that are run to their end for what they print.
 *
 * @module
 */

/** A command line, and V8's flags for it where it is Deno's. */
export interface Program {
  readonly command: readonly [executable: string, ...args: string[]];
  /** The folder that it runs in; the project's if left out. */
  readonly cwd?: string;
  /** Left out: none, whatever this process runs under. */
  readonly v8Flags?: readonly string[];
}

/**
 * Runs a program to its end.
 *
 * @returns What it printed on standard output.
 * @throws {Error} If it fails; says how its standard error ends.
 */
export async function outputOf(
  { command: [executable, ...args], cwd, v8Flags = [] }: Program,
): Promise<string> {
  const { DENO_V8_FLAGS: _, ...env } = Deno.env.toObject();
  const child = new Deno.Command(executable, {
    args,
    cwd: cwd ?? new URL("../..", import.meta.url),
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
    `Cannot run ${executable} ${args.join(" ")}: it must end with status 0, got ${code}: ` +
      text.decode(stderr).trim().slice(-500),
  );
}
