/**
 * One thread's side of a plan's run: its calls, prepared once, with what changes from run to run
 * filled in. The same for a Worker and for the caller's own thread.
 *
 * @module
 */

import type { Call, Setting } from "./plan.ts";

type Kernel = (...args: number[]) => unknown;

/** A call whose settings are filled in before each run. */
interface PreparedCall {
  readonly kernel: Kernel;
  readonly args: number[];
}

/** An argument that is a setting. */
interface Blank {
  readonly args: number[];
  readonly index: number;
  readonly value: Setting;
}

/** What a thread keeps of a plan. */
export interface PreparedPlan {
  readonly stages: readonly (readonly PreparedCall[])[];
  readonly blanks: readonly Blank[];
}

/** Prepares and runs what is one thread's of plans. */
export class PlanRunner {
  readonly #kernels: Readonly<Record<string, Kernel>>;
  readonly #meet: () => void;

  /**
   * @param kernels The module's exports, on the memory of the plans.
   * @param meet Called behind each stage: returns when all threads are through with it.
   */
  constructor(kernels: object, meet: () => void) {
    this.#kernels = kernels as Readonly<Record<string, Kernel>>;
    this.#meet = meet;
  }

  /** Prepares the calls of a plan's stages for runs to come. */
  prepare(stages: readonly (readonly Call[])[]): PreparedPlan {
    const blanks: Blank[] = [];
    const prepared = stages.map((calls) =>
      calls.map(({ kernel, args: given }): PreparedCall => {
        const args = given.map((value) => typeof value === "number" ? value : 0);
        given.forEach((value, index) => {
          if (typeof value !== "number") blanks.push({ args, index, value });
        });
        return { kernel: this.#kernels[kernel]!, args };
      })
    );
    return { stages: prepared, blanks };
  }

  /** Runs a plan with these settings. */
  run({ stages, blanks }: PreparedPlan, settings: Readonly<Record<string, number>>): void {
    for (const { args, index, value: { setting, plus } } of blanks) {
      args[index] = settings[setting]! + plus;
    }
    for (const calls of stages) {
      for (const { kernel, args } of calls) kernel(...args);
      this.#meet();
    }
  }
}
