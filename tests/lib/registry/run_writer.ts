/**
 * Processes that write to a store, for tests.
 *
 * @module
 */

import { type Fault, faultEnvironment } from "../../fault.ts";

/** What a writer saves. */
export interface Writing {
  readonly path: string;
  readonly name: string;
  /** Of its first version; each further one has the next. */
  readonly firstSeed: number;
  /** How many versions. */
  readonly saves: number;
  /** When it is killed (SIGKILL); not at all if left out. */
  readonly killedAt?: Fault["at"];
}

/** Runs `writer.ts` to its end; answers with the signal that ended it, or what it complained of. */
export async function runWriter(
  { path, name, firstSeed, saves, killedAt }: Writing,
): Promise<string> {
  const file = (name: string) => new URL(name, import.meta.url).pathname;
  const { success, signal, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", `--preload=${file("../../fault.ts")}`, file("./writer.ts")],
      ...[path, name, String(firstSeed), String(saves)],
    ],
    env: {
      NO_COLOR: "1",
      ...killedAt === undefined ? {} : faultEnvironment({ signal: "SIGKILL", at: killedAt }),
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  return success ? "" : signal ?? new TextDecoder().decode(stderr);
}
