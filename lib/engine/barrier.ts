/**
 * A barrier: threads wait until all have arrived.
 *
 * @module
 */

/** Looks at the barrier this many times before it sleeps: waking up takes longer than most waits. */
const SPINS = 20_000;

/** A barrier on two i32 of shared memory: how many have arrived, and how often all had. */
export class Barrier {
  readonly #state: Int32Array;
  readonly #threads: number;

  /** @param state Two zeros, the same for all threads. */
  constructor(state: Int32Array<SharedArrayBuffer>, threads: number) {
    this.#state = state;
    this.#threads = threads;
  }

  /** Returns when all threads have called it as often as this one. */
  wait(): void {
    const round = Atomics.load(this.#state, 1);
    if (Atomics.add(this.#state, 0, 1) === this.#threads - 1) {
      Atomics.store(this.#state, 0, 0);
      Atomics.add(this.#state, 1, 1);
      Atomics.notify(this.#state, 1);
      return;
    }
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(this.#state, 1) !== round) return;
    }
    while (Atomics.load(this.#state, 1) === round) Atomics.wait(this.#state, 1, round);
  }
}
