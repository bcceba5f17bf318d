/**
 * The memory and the time of a process and those that it started, as the operating system sees them.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { outputOf } from "../../tools/run_program.ts";

/** A process, and what it holds in memory, in bytes. */
interface Process {
  readonly pid: number;
  readonly resident: number;
}

/**
 * Looks at the resident memory of a process and all its descendants, in bytes. What they share counts
 * for each.
 *
 * @throws {Error} If there is no `ps`.
 */
export async function residentBytes(pid: number): Promise<number> {
  return treeOf(await listProcesses(), pid).reduce((sum, { resident }) => sum + resident, 0);
}

/**
 * Looks at the time that a process and all its descendants have had of cores, in milliseconds; of those
 * that have ended, none.
 *
 * @returns `null` on other systems than Linux.
 * @throws {Error} If one of them has just ended.
 */
export async function coreMilliseconds(pid: number): Promise<number | null> {
  if (Deno.build.os !== "linux") return null;
  const files = treeOf(await listProcesses(), pid).map(({ pid }) => `/proc/${pid}/stat`);
  // By a program, for Deno itself reads there only with all permissions.
  const stats = await outputOf({ command: ["cat", ...files] });
  return stats.trim().split("\n").reduce((sum, stat) => sum + parseTime(stat), 0);
}

/** Linux counts in hundredths of a second, whatever its own clock does. */
const MILLISECONDS_A_TICK = 10;

/** The time in user and kernel mode that `/proc/PID/stat` tells, in milliseconds. */
export function parseTime(stat: string): number {
  // The second field is the program's name in brackets, and may have any character in it.
  const [user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ").slice(11, 13);
  return (Number(user) + Number(system)) * MILLISECONDS_A_TICK;
}

function listProcesses(): Promise<string> {
  return outputOf({ command: ["ps", "-A", "-o", "pid=,ppid=,rss="] });
}

/**
 * A process and its descendants.
 *
 * @param listing What `ps -A -o pid=,ppid=,rss=` printed; its unit is 1024 bytes.
 */
export function treeOf(listing: string, root: number): Process[] {
  const all = listing.trim().split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const tree = new Set([root]);
  let known = 0;
  while (tree.size > known) {
    known = tree.size;
    for (const [pid, parent] of all) if (tree.has(parent!)) tree.add(pid!);
  }
  return all
    .filter(([pid]) => tree.has(pid!))
    .map(([pid, , kibibytes]) => ({ pid: pid!, resident: kibibytes! * 1024 }));
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
