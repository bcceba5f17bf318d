/**
 * Deno again, in a process of its own that a command stands in front of.
 *
 * @module
 */

import { ChildFailure } from "./cli.ts";

/** How a process is run. */
export interface RunDenoOptions {
  /** The folder that it runs in; this process's own if left out. */
  readonly cwd?: string;
  /** Set beside this process's own. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether it shares standard output too, or prints its answer to no one. */
  readonly stdout?: "inherit" | "null";
  /**
   * Whether a signal that ends this process kills the other at once, whatever that does about signals;
   * it is handed on if left out.
   */
  readonly isKilled?: boolean;
}

/**
 * Runs Deno to its end. It shares standard input and error with this process.
 *
 * @param args Deno's arguments, for example `["run", script]`.
 * @throws {ChildFailure} If it ends with another status than 0; it has said why.
 */
export async function runDeno(
  args: readonly string[],
  { cwd, env = {}, stdout = "inherit", isKilled = false }: RunDenoOptions = {},
): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [...args],
    ...cwd !== undefined && { cwd },
    env,
    stdin: "inherit",
    stdout,
    stderr: "inherit",
  }).spawn();
  using _ = passSignalsOn(child, { isKilled });
  const { code } = await child.status;
  if (code !== 0) throw new ChildFailure(code);
}

/** Lets signals that would end this process end a child, until it is disposed of. */
function passSignalsOn(
  child: Deno.ChildProcess,
  { isKilled }: { isKilled: boolean },
): Disposable {
  // Windows knows no SIGTERM.
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM", "SIGHUP"];
  const listeners = signals.map((signal) => {
    const listener = () => {
      try {
        child.kill(isKilled ? "SIGKILL" : signal);
      } catch (error) {
        // Deno's word for a process that has ended.
        if (!(error instanceof TypeError)) throw error;
      }
    };
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  return { [Symbol.dispose]: () => listeners.forEach((remove) => remove()) };
}
