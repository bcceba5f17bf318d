/**
 * A bound on the time of work that does not look at a clock.
 *
 * @module
 */

import { Script } from "node:vm";

/** The work took longer than it may. */
export class TimeError extends Error {
  override readonly name = "TimeError";
}

/** Where a script finds the work. */
const NAME = "edgedoorWork";

const script = new Script(`${NAME}()`);

/**
 * Does work that is broken off, wherever it is, when its time is up. It need not help with that, and
 * cannot catch it; only a single call into native code is finished first.
 *
 * Why not end a Worker from outside: Deno (seen in 2.7 to 2.9) does not end one that is busy; it goes on
 * for ever, and keeps its memory.
 *
 * @param milliseconds From 1.
 * @param work Synchronous.
 * @returns What `work` returns; what it throws is thrown.
 * @throws {TimeError} If its time is up.
 *
 * @example
 * ```ts
 * import { TimeError, withinTime } from "./within_time.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(withinTime(1000, () => 7), 7);
 * assert.throws(() => withinTime(10, () => { for (;;); }), TimeError);
 * ```
 */
export function withinTime<T>(milliseconds: number, work: () => T): T {
  Object.defineProperty(globalThis, NAME, { value: work, configurable: true });
  try {
    return script.runInThisContext({ timeout: milliseconds });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === EXPIRED) {
      throw new TimeError(`Cannot finish: it must take at most ${milliseconds} ms`);
    }
    throw error;
  } finally {
    Reflect.deleteProperty(globalThis, NAME);
  }
}

const EXPIRED = "ERR_SCRIPT_EXECUTION_TIMEOUT";
