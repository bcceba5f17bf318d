/**
 * Preloaded into a program (`deno run --preload`): sends it a signal at a moment that a test names,
 * however fast or slowly the program runs.
 *
 * @module
 */

/** A signal and its moment; counts are from 1. */
export interface Fault {
  readonly signal: Deno.Signal;
  readonly at:
    | {
      /** Right after a line on standard error that this pattern matches. */
      readonly line: string;
    }
    | {
      /** Before an atomic operation on Deno KV is committed: nothing of it is written. */
      readonly beforeCommit: number;
    }
    | {
      /** While one is committed: all of it is written, or nothing. */
      readonly duringCommit: number;
    };
}

const VARIABLE = "EDGEDOOR_TEST_FAULT";

/** The environment of a program that this file is preloaded into. */
export function faultEnvironment(fault: Fault): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(fault) };
}

const order = Deno.env.get(VARIABLE);
if (order !== undefined) arm(JSON.parse(order));

function arm({ signal, at }: Fault): void {
  const strike = () => Deno.kill(Deno.pid, signal);
  if ("line" in at) {
    const write = Deno.stderr.writeSync.bind(Deno.stderr);
    Deno.stderr.writeSync = (bytes) => {
      const written = write(bytes);
      if (new RegExp(at.line).test(new TextDecoder().decode(bytes))) strike();
      return written;
    };
    return;
  }
  const { commit } = Deno.AtomicOperation.prototype;
  let commits = 0;
  Deno.AtomicOperation.prototype.commit = function () {
    commits++;
    if ("beforeCommit" in at && commits === at.beforeCommit) strike();
    const result = commit.call(this);
    if ("duringCommit" in at && commits === at.duringCommit) strike();
    return result;
  };
}
