/**
 * Long work that says how far it is.
 *
 * @module
 */

import type { JobContext } from "./context.ts";

/**
 * Does something long, and tells when it begins, how far it is, and when it is through.
 *
 * @param what Said of it.
 * @param context Who is told, and what stops it between two steps.
 * @param work Its `onStep` is to be called with steps done and to do.
 * @throws The signal's reason, if it fires.
 */
export async function phase<T>(
  what: string,
  { onEvent, signal }: Pick<JobContext, "onEvent" | "signal">,
  work: (onStep: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  let steps = 1;
  const tell = (done: number, total: number) =>
    onEvent({ kind: "phase", what, done, total, seconds: (performance.now() - begun) / 1000 });
  tell(0, 0);
  const result = await work((done, total) => {
    signal.throwIfAborted();
    steps = total;
    if (done < total) tell(done, total);
  });
  tell(steps, steps);
  return result;
}
