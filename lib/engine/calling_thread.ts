/**
 * The caller's own thread as the one that runs plans: no Worker, no message, no shared memory.
 *
 * @module
 */

import type { KernelModule } from "../wasm/module.ts";
import type { Plan } from "./plan.ts";
import { PlanRunner, type PreparedPlan } from "./plan_runner.ts";
import type { Runner } from "./runner.ts";

/** Runs plans for one thread, at once: the caller goes on when a run is over. */
export class CallingThread implements Runner {
  readonly #runner: PlanRunner;
  readonly #plans = new Map<Plan, PreparedPlan>();

  /** @param module The kernels, on the memory of the plans. */
  constructor(module: KernelModule) {
    this.#runner = new PlanRunner(module, () => {});
  }

  run(plan: Plan, settings: Readonly<Record<string, number>>): Promise<void> {
    let prepared = this.#plans.get(plan);
    if (prepared === undefined) {
      prepared = this.#runner.prepare(plan.map((stage) => stage[0]!));
      this.#plans.set(plan, prepared);
    }
    this.#runner.run(prepared, settings);
    return Promise.resolve();
  }

  dispose(): void {
    this.#plans.clear();
  }
}
