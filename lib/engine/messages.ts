/**
 * What the engine and its threads tell each other.
 *
 * @module
 */

import type { Call } from "./plan.ts";

/** What a thread needs to begin. */
export interface ThreadStart {
  /** The kernels, compiled. */
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly thread: number;
  readonly threads: number;
  /** Address of the barrier's two i32. */
  readonly barrier: number;
}

/** A plan, as far as it is one thread's: the calls of each stage. */
export interface ThreadPlan {
  readonly id: number;
  readonly stages: readonly (readonly Call[])[];
}

/** A plan to run, once, with these settings. */
export interface ThreadRun {
  readonly plan: number;
  readonly settings: Readonly<Record<string, number>>;
}

/** To a thread. */
export type Order =
  | { readonly kind: "start"; readonly start: ThreadStart }
  | { readonly kind: "plan"; readonly plan: ThreadPlan }
  | { readonly kind: "run"; readonly run: ThreadRun };

/** From the first thread, when all threads are through with a run. */
export type Answer = { readonly kind: "done" };
