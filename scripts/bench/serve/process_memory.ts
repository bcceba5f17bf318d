/**
 * The memory of a process and those that it started, as the operating system sees it.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { outputOf } from "../../tools/run_program.ts";

/**
 * Looks at the resident memory of a process and all its descendants, in bytes. What they share counts
 * for each.
 *
 * @throws {Error} If there is no `ps`.
 */
export async function residentBytes(pid: number): Promise<number> {
  return sumTree(await outputOf({ command: ["ps", "-A", "-o", "pid=,ppid=,rss="] }), pid);
}

/**
 * Sums up what `ps -A -o pid=,ppid=,rss=` printed, over a process and its descendants.
 *
 * @returns Bytes; `ps` counts in units of 1024.
 */
export function sumTree(listing: string, root: number): number {
  const processes = listing.trim().split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const tree = new Set([root]);
  let known = 0;
  while (tree.size > known) {
    known = tree.size;
    for (const [pid, parent] of processes) if (tree.has(parent!)) tree.add(pid!);
  }
  return processes
    .filter(([pid]) => tree.has(pid!))
    .reduce((sum, [, , kibibytes]) => sum + kibibytes! * 1024, 0);
}

/** Milliseconds between looks. */
const PAUSE = 250;

/**
 * Looks again and again while something goes on.
 *
 * @returns What it came to, and bytes: at its begin, at each look, after it.
 */
export async function watchMemory<T>(
  pid: number,
  work: () => Promise<T>,
  pause: number = PAUSE,
): Promise<{ readonly result: T; readonly seen: readonly number[] }> {
  const samples: number[] = [];
  const stop = new AbortController();
  const watching = (async () => {
    while (!stop.signal.aborted) {
      samples.push(await residentBytes(pid));
      // Stopped is no failure.
      await delay(pause, undefined, { signal: stop.signal }).catch(() => {});
    }
  })();
  const result = await work().finally(() => stop.abort());
  await watching;
  return { result, seen: [...samples, await residentBytes(pid)] };
}
