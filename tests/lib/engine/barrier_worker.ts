/** One of the threads of `barrier_test.ts`. */

import { Barrier } from "../../../lib/engine/barrier.ts";

/** What it is told. */
export interface BarrierOrder {
  /** The barrier's two i32, and behind them one count for each thread. */
  readonly shared: SharedArrayBuffer;
  readonly thread: number;
  readonly threads: number;
  readonly rounds: number;
  /** Every so many rounds one of the threads comes late by a few milliseconds. */
  readonly lateEvery: number;
}

/** For how many rounds it saw what it had to. */
export type BarrierAnswer = number;

const scope = globalThis as unknown as Worker;

scope.onmessage = ({ data }: MessageEvent<BarrierOrder>) => {
  const { shared, thread, threads, rounds, lateEvery } = data;
  const barrier = new Barrier(new Int32Array(shared, 0, 2), threads);
  const counts = new Int32Array(shared, 8, threads);
  const never = new Int32Array(new SharedArrayBuffer(4));
  let right = 0;
  for (let round = 1; round <= rounds; round++) {
    if (round % lateEvery === 0 && (round / lateEvery) % threads === thread) {
      Atomics.wait(never, 0, 0, 5);
    }
    // Not atomic: the barrier has to order it.
    counts[thread]!++;
    barrier.wait();
    if (counts.every((count) => count === round)) right++;
    barrier.wait();
  }
  scope.postMessage(right satisfies BarrierAnswer);
};
