/**
 * The end of a server's life, in order.
 *
 * @module
 */

/**
 * Whether a server was told to stop, and what it still has to finish.
 *
 * @example
 * ```ts
 * import { Life } from "./life.ts";
 * import assert from "node:assert/strict";
 *
 * const life = new Life();
 * const work = life.begin();
 * const stopped = life.stop();
 * assert.ok(life.isStopping);
 * work[Symbol.dispose]();
 * await stopped;
 * ```
 */
export class Life {
  readonly #done = Promise.withResolvers<void>();
  #isStopping = false;
  #works = 0;

  /** Whether nothing new is to be taken. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Counts some work, until it is disposed of. */
  begin(): Disposable {
    this.#works++;
    return {
      [Symbol.dispose]: () => {
        this.#works--;
        this.#look();
      },
    };
  }

  /**
   * Says that the server is to stop.
   *
   * @returns Resolves when no work is left.
   */
  stop(): Promise<void> {
    this.#isStopping = true;
    this.#look();
    return this.#done.promise;
  }

  #look(): void {
    if (this.#isStopping && this.#works === 0) this.#done.resolve();
  }
}
