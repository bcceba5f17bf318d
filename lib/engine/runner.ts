/**
 * What runs plans.
 *
 * @module
 */

import type { Plan } from "./plan.ts";

/** Threads on one memory, or the caller's own. Runs are done in the order in which they are asked for. */
export interface Runner {
  /**
   * Runs a plan.
   *
   * @param settings A value for each setting that is named in it.
   * @throws {Error} If a thread fails, now or before, or `dispose` comes first.
   */
  run(plan: Plan, settings: Readonly<Record<string, number>>): Promise<void>;
  /** Ends the threads, in the middle of a run too. */
  dispose(): void;
}
