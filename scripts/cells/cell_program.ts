/**
 * The process of one cell; see `cell_process.ts`.
 *
 * @module
 */

import type { CellMessage, CellRequest } from "./cell_process.ts";
import { runCell } from "../../lib/experiment/mod.ts";
import { commandRuntime } from "../cli/runtime.ts";

/** Milliseconds between two words on progress. */
const SAY_EVERY = 500;

/** Milliseconds in which a cell that is stopped ends in order: what it writes is whole or nothing. */
const ENDS_WITHIN = 5000;

function say(message: CellMessage): void {
  const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
  // To a pipe, a write may write a part.
  for (let written = 0; written < bytes.length;) {
    written += Deno.stdout.writeSync(bytes.subarray(written));
  }
}

/** Resolves when the process that started this one wants no more of it, or is gone. */
async function inputEnds(): Promise<void> {
  for await (const _ of Deno.stdin.readable);
}

// Ctrl-C on a terminal reaches all processes of a command; the one that started this says when.
Deno.addSignalListener("SIGINT", () => {});
const stop = new AbortController();
inputEnds().then(() => {
  stop.abort(new Error("not wanted any more"));
  setTimeout(() => Deno.exit(1), ENDS_WITHIN);
});

let saidAt = -Infinity;
try {
  const { cell, ...context }: CellRequest = JSON.parse(Deno.args[0] ?? "");
  const result = await runCell(cell, {
    ...context,
    runtime: commandRuntime(),
    onProgress(share) {
      if (performance.now() - saidAt < SAY_EVERY) return;
      saidAt = performance.now();
      say({ progress: share });
    },
    signal: stop.signal,
  });
  say({ result });
} catch (error) {
  // Nobody may be there to be told.
  if (!stop.signal.aborted) say({ error: error instanceof Error ? error.message : String(error) });
  Deno.exit(1);
}
Deno.exit();
