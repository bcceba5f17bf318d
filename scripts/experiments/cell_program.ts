/**
 * The process of one cell; see `cell_process.ts`.
 *
 * @module
 */

import type { CellMessage, CellRequest } from "./cell_process.ts";
import { runCell } from "./run_cell.ts";

/** Milliseconds between two words on progress. */
const SAY_EVERY = 500;

function say(message: CellMessage): void {
  const bytes = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
  // To a pipe, a write may write a part.
  for (let written = 0; written < bytes.length;) {
    written += Deno.stdout.writeSync(bytes.subarray(written));
  }
}

/** Resolves when whoever started this process wants no more of it, or is gone. */
async function inputEnds(): Promise<void> {
  for await (const _ of Deno.stdin.readable);
}

// Ctrl-C on a terminal reaches all processes of a command; the one that started this says when.
Deno.addSignalListener("SIGINT", () => {});
inputEnds().then(() => Deno.exit(1));

let saidAt = -Infinity;
try {
  const { cell, ...context }: CellRequest = JSON.parse(Deno.args[0] ?? "");
  const result = await runCell(cell, {
    ...context,
    onProgress(share) {
      if (performance.now() - saidAt < SAY_EVERY) return;
      saidAt = performance.now();
      say({ progress: share });
    },
    // Nothing is saved here: the process just ends.
    signal: new AbortController().signal,
  });
  say({ result });
} catch (error) {
  say({ error: error instanceof Error ? error.message : String(error) });
  Deno.exit(1);
}
Deno.exit();
