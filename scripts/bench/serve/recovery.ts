/**
 * How soon a server answers again after a load that was more than it holds.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";

/** An answer to a probe. */
export interface Probe {
  readonly status: number;
  readonly milliseconds: number;
}

/** How to probe. */
export interface RecoveryOptions {
  /** Asks the server once. */
  readonly probe: () => Promise<Probe>;
  /** Milliseconds within which a probe must be answered with 200. */
  readonly within: number;
  /** Seconds after which the server counts as not recovered. */
  readonly patience: number;
}

/** Milliseconds between a probe that failed and the next. */
const PAUSE = 50;

/**
 * Probes until one is answered with 200 soon enough.
 *
 * @returns Seconds until that answer; `null` if there was none.
 */
export async function timeToRecovery(
  { probe, within, patience }: RecoveryOptions,
): Promise<number | null> {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  while (elapsed() < patience) {
    const { status, milliseconds } = await probe();
    if (status === 200 && milliseconds < within) return elapsed();
    await delay(PAUSE);
  }
  return null;
}
