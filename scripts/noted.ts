/**
 * Long work that says how far it is.
 *
 * @module
 */

import { formatDuration } from "../lib/core/format.ts";
import type { TrainingContext } from "./train_network.ts";

/** Seconds between lines on how far it is. */
const LINE_EVERY = 10;

/**
 * Does something long, with a line when it begins, now and then, and when it is through.
 *
 * @param what Said at the beginning.
 * @param work Its `onStep` is to be called with steps done and to do.
 * @throws The signal's reason, where it fires between two steps.
 */
export async function noted<T>(
  what: string,
  { progress, signal }: TrainingContext,
  work: (onStep: (done: number, total: number) => void) => Promise<T>,
): Promise<T> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  let lines = 0;
  progress.note(what);
  const result = await work((done, total) => {
    signal.throwIfAborted();
    if (seconds() < (lines + 1) * LINE_EVERY) return;
    lines++;
    progress.note(`step ${done} of ${total}`);
  });
  progress.note(`done in ${formatDuration(seconds())}`);
  return result;
}
