/**
 * A thread: runs its part of a plan on the shared memory. The program of a Worker; `threads.ts` starts
 * it.
 *
 * @module
 */

import { Barrier } from "./barrier.ts";
import type { Answer, Order, ThreadStart } from "./messages.ts";
import { PlanRunner, type PreparedPlan } from "./plan_runner.ts";

function startRunner({ module, memory, threads, barrier: address }: ThreadStart): PlanRunner {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const shared = memory.buffer as unknown as SharedArrayBuffer;
  const barrier = new Barrier(new Int32Array(shared, address, 2), threads);
  return new PlanRunner(exports, () => barrier.wait());
}

const scope = globalThis as unknown as Worker;
const plans = new Map<number, PreparedPlan>();
let self: { readonly runner: PlanRunner; readonly isFirst: boolean } | null = null;

scope.onmessage = ({ data }: MessageEvent<Order>) => {
  switch (data.kind) {
    case "start":
      self = { runner: startRunner(data.start), isFirst: data.start.thread === 0 };
      break;
    case "plan":
      plans.set(data.plan.id, self!.runner.prepare(data.plan.stages));
      break;
    case "run":
      self!.runner.run(plans.get(data.run.plan)!, data.run.settings);
      if (self!.isFirst) scope.postMessage({ kind: "done" } satisfies Answer);
  }
};
