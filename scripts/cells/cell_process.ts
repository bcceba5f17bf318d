/**
 * A cell in a process of its own, which shares nothing with the others but the machine. It is told
 * its cell by its arguments, answers by lines of JSON, and ends when its standard input does: so no
 * process is left behind, however the one that started it ends.
 *
 * @module
 */

import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { permissions } from "../cli/permissions.ts";
import { turboEnvironment } from "../cli/turbo.ts";
import type { CellContext, CellFile, CellRunner, PlannedCell } from "../../lib/experiment/mod.ts";

/** What the process is told. */
export interface CellRequest extends Omit<CellContext, "onProgress" | "signal" | "runtime"> {
  readonly cell: PlannedCell;
}

/** A line that it answers. */
export type CellMessage =
  | { readonly progress: number }
  | { readonly result: CellFile }
  | { readonly error: string };

/**
 * Makes a runner that starts a process for each cell.
 *
 * @param options What each is told but its cell, and whether it runs under V8's turbo flags.
 */
export function cellProcesses(
  { turbo, ...context }: Omit<CellRequest, "cell"> & { turbo: boolean },
): CellRunner {
  const program = fileURLToPath(new URL("./cell_program.ts", import.meta.url));
  return async (cell, { onProgress, signal }) => {
    const request: CellRequest = { cell, ...context };
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", ...permissions.train, program, JSON.stringify(request)],
      env: turbo ? turboEnvironment() : {},
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const stop = () => child.stdin.close().catch(() => {});
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop);
    try {
      const complaint = new Response(child.stderr).text();
      let outcome: CellMessage | null = null;
      // std's TextLineStream.
      for await (const line of createInterface({ input: Readable.from(child.stdout) })) {
        const message: CellMessage = JSON.parse(line);
        if ("progress" in message) onProgress(message.progress);
        else outcome = message;
      }
      const { code } = await child.status;
      if (outcome !== null && "result" in outcome) return outcome.result;
      signal.throwIfAborted();
      throw new Error(
        outcome?.error ??
          `its process ended with status ${code}: ${(await complaint).trim().slice(-500)}`,
      );
    } finally {
      signal.removeEventListener("abort", stop);
      await stop();
    }
  };
}
