/**
 * A bound on the requests in work.
 *
 * @module
 */

import { BusyError } from "../core/errors.ts";

/** How many may be in work at a time, from 1. */
export interface PlaceLimits {
  readonly small: number;
  readonly large: number;
}

/**
 * Places for requests that are in work, from when all of their data is there until they are answered.
 * A wait is as long as the work before it: with few places, those who get one are answered soon, and
 * the others are told at once. Large work has places of its own, so that it cannot take all.
 *
 * @example
 * ```ts
 * import { BusyError } from "../core/errors.ts";
 * import { Places } from "./places.ts";
 * import assert from "node:assert/strict";
 *
 * const places = new Places({ small: 1, large: 1 });
 * {
 *   using _place = places.take("large");
 *   assert.throws(() => places.take("large"), BusyError);
 *   using _other = places.take("small");
 * }
 * using _again = places.take("large");
 * ```
 */
export class Places {
  readonly #limits: PlaceLimits;
  readonly #free: Record<keyof PlaceLimits, number>;

  constructor(limits: PlaceLimits) {
    this.#limits = limits;
    this.#free = { ...limits };
  }

  /** Whether all small ones are taken. */
  get isFull(): boolean {
    return this.#free.small === 0;
  }

  /** How many are taken. */
  taken(size: keyof PlaceLimits): number {
    return this.#limits[size] - this.#free[size];
  }

  /**
   * Takes a place.
   *
   * @returns Gives it back when it is disposed of.
   * @throws {BusyError} If all are taken.
   */
  take(size: keyof PlaceLimits): Disposable {
    if (this.#free[size] === 0) throw busy(size);
    this.#free[size]--;
    let isTaken = true;
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#free[size]++;
        isTaken = false;
      },
    };
  }
}

/** The refusal of a request for which there is no place. */
export function busy(size: keyof PlaceLimits): BusyError {
  return new BusyError(
    `Cannot take the request: as many ${size} ones as the server answers soon are in work; ` +
      "try again shortly",
  );
}
