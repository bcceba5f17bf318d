/**
 * A thread: runs its part of a plan on the shared memory. The program of a Worker; `threads.ts` starts
 * it.
 *
 * @module
 */

import { Barrier } from "./barrier.ts";
import type { Answer, Order, ThreadPlan, ThreadRun, ThreadStart } from "./messages.ts";
import type { Setting } from "./plan.ts";

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

interface PreparedPlan {
  readonly stages: readonly (readonly PreparedCall[])[];
  readonly blanks: readonly Blank[];
}

/** One thread's side of a plan's run. */
class Thread {
  readonly #kernels: Readonly<Record<string, Kernel>>;
  readonly #barrier: Barrier;
  readonly #plans = new Map<number, PreparedPlan>();

  constructor({ module, memory, threads, barrier }: ThreadStart) {
    const { exports } = new WebAssembly.Instance(module, { env: { memory } });
    this.#kernels = exports as Record<string, Kernel>;
    const shared = memory.buffer as unknown as SharedArrayBuffer;
    this.#barrier = new Barrier(new Int32Array(shared, barrier, 2), threads);
  }

  /** Keeps a plan for runs to come. */
  keep({ id, stages }: ThreadPlan): void {
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
    this.#plans.set(id, { stages: prepared, blanks });
  }

  /** Runs a plan; returns when all threads are through with it. */
  run({ plan, settings }: ThreadRun): void {
    const { stages, blanks } = this.#plans.get(plan)!;
    for (const { args, index, value: { setting, plus } } of blanks) {
      args[index] = settings[setting]! + plus;
    }
    for (const calls of stages) {
      for (const { kernel, args } of calls) kernel(...args);
      this.#barrier.wait();
    }
  }
}

const scope = globalThis as unknown as Worker;
let self: { readonly thread: Thread; readonly isFirst: boolean } | null = null;

scope.onmessage = ({ data }: MessageEvent<Order>) => {
  switch (data.kind) {
    case "start":
      self = { thread: new Thread(data.start), isFirst: data.start.thread === 0 };
      break;
    case "plan":
      self!.thread.keep(data.plan);
      break;
    case "run":
      self!.thread.run(data.run);
      if (self!.isFirst) scope.postMessage({ kind: "done" } satisfies Answer);
  }
};
