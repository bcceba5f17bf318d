/**
 * A queue that is bounded by the work in it.
 *
 * @module
 */

/** What can wait. */
export interface Costed {
  /** In any unit, above 0. */
  readonly cost: number;
}

/** How much may wait. */
export interface CostQueueLimits {
  /** The costs of all together. One alone may cost more. */
  readonly cost: number;
  readonly count: number;
}

/**
 * Work that waits: the cheapest comes first, and of equal ones the first. When there is no room the
 * costliest has to go, so that large work cannot keep out small work.
 *
 * @example
 * ```ts
 * import { CostQueue } from "./cost_queue.ts";
 * import assert from "node:assert/strict";
 *
 * const queue = new CostQueue({ cost: 10, count: 2 });
 * const [small, large] = [{ cost: 1 }, { cost: 9 }];
 * assert.deepEqual([queue.add(large), queue.add(small)], [[], []]);
 * assert.deepEqual(queue.add({ cost: 2 }), [large]);
 * assert.equal(queue.take(), small);
 * ```
 */
export class CostQueue<T extends Costed> {
  readonly #limits: CostQueueLimits;
  /** Cheapest first. */
  readonly #items: T[] = [];
  #cost = 0;

  constructor(limits: CostQueueLimits) {
    this.#limits = limits;
  }

  /** The next one, which stays in the queue. */
  get first(): T | undefined {
    return this.#items[0];
  }

  /**
   * Puts one in.
   *
   * @returns Those that had to go for it, which may be the one itself.
   */
  add(item: T): T[] {
    const index = this.#items.findIndex(({ cost }) => cost > item.cost);
    this.#items.splice(index === -1 ? this.#items.length : index, 0, item);
    this.#cost += item.cost;
    const gone: T[] = [];
    while (this.#isOver()) gone.push(this.#takeAt(this.#items.length - 1)!);
    return gone;
  }

  /** Takes the next one out. */
  take(): T | undefined {
    return this.#takeAt(0);
  }

  /** Takes one out, if it is still there. */
  remove(item: T): boolean {
    const index = this.#items.indexOf(item);
    return index !== -1 && this.#takeAt(index) !== undefined;
  }

  /** Takes all out. */
  clear(): T[] {
    this.#cost = 0;
    return this.#items.splice(0);
  }

  #isOver(): boolean {
    const { length } = this.#items;
    return length > 1 && this.#cost > this.#limits.cost || length > this.#limits.count;
  }

  #takeAt(index: number): T | undefined {
    const [item] = this.#items.splice(index, 1);
    this.#cost -= item?.cost ?? 0;
    return item;
  }
}
