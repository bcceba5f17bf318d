/**
 * The time of a call, within a process.
 *
 * @module
 */

import { median } from "./statistics.ts";

/** Calls shorter than this are timed several together, seconds: well above the clock's steps. */
const SHORTEST = 0.001;

/** Fewest calls before those that count. */
const FEWEST_BEFORE = 3;

/** Fewest measurements that a median is taken of. */
const FEWEST = 5;

/**
 * Times a call: the median of many, after as much time of calls that do not count, for V8 optimises
 * what has run for a while.
 *
 * @param call What to time; a promise is waited for.
 * @param seconds How long to measure; longer where the fewest calls take longer.
 * @returns Seconds a call.
 */
export async function timeCalls(
  call: () => Promise<unknown> | unknown,
  seconds: number,
): Promise<number> {
  const warm = await repeat(call, seconds, FEWEST_BEFORE);
  const together = Math.max(1, Math.ceil(SHORTEST / warm));
  const times: number[] = [];
  const end = performance.now() + seconds * 1000;
  while (times.length < FEWEST || performance.now() < end) {
    times.push(await repeat(call, 0, together));
  }
  return median(times);
}

/** Calls for some time, and at least so many times. @returns Seconds a call. */
async function repeat(
  call: () => Promise<unknown> | unknown,
  seconds: number,
  fewest: number,
): Promise<number> {
  const began = performance.now();
  let calls = 0;
  do {
    const result = call();
    // Awaiting what is no promise takes longer than the shortest kernels.
    if (result instanceof Promise) await result;
    calls++;
  } while (calls < fewest || performance.now() - began < seconds * 1000);
  return (performance.now() - began) / 1000 / calls;
}
