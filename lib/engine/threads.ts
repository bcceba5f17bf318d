/**
 * The threads: Workers on one memory that run plans together.
 *
 * @module
 */

import type { Buffers } from "./buffers.ts";
import type { Answer, Order } from "./messages.ts";
import type { Plan } from "./plan.ts";
import type { Runner } from "./runner.ts";

/** A run that has been ordered and not answered. */
type Pending = PromiseWithResolvers<void>;

/** A group of threads. */
export class Threads implements Runner {
  readonly #workers: readonly Worker[];
  readonly #ids = new Map<Plan, number>();
  readonly #pending: Pending[] = [];
  #failure: Error | null = null;

  /**
   * Starts them.
   *
   * @param module The kernels, compiled for shared memory.
   */
  constructor(
    module: WebAssembly.Module,
    { buffers, threads }: { buffers: Buffers; threads: number },
  ) {
    const barrier = buffers.allocate(8);
    this.#workers = Array.from({ length: threads }, (_, thread) => {
      const worker = new Worker(new URL("./thread.ts", import.meta.url), {
        type: "module",
        name: `edgedoor engine ${thread}`,
      });
      worker.onmessage = (_: MessageEvent<Answer>) => this.#pending.shift()!.resolve();
      worker.onerror = (event) => {
        event.preventDefault();
        this.#fail(new Error(`Cannot go on: a thread has failed: ${event.message}`));
      };
      return worker;
    });
    const { memory } = buffers;
    this.#send((thread) => ({
      kind: "start",
      start: { module, memory, thread, threads, barrier },
    }));
  }

  run(plan: Plan, settings: Readonly<Record<string, number>>): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const id = this.#idOf(plan);
    const pending = Promise.withResolvers<void>();
    this.#pending.push(pending);
    this.#send(() => ({ kind: "run", run: { plan: id, settings } }));
    return pending.promise;
  }

  dispose(): void {
    this.#fail(new Error("Cannot go on: the engine has been disposed of"));
  }

  #idOf(plan: Plan): number {
    const known = this.#ids.get(plan);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(plan, id);
    this.#send((thread) => ({
      kind: "plan",
      plan: { id, stages: plan.map((stage) => stage[thread]!) },
    }));
    return id;
  }

  #send(order: (thread: number) => Order): void {
    this.#workers.forEach((worker, thread) => worker.postMessage(order(thread)));
  }

  /** A thread that fails leaves the others at a barrier: all of them end. */
  #fail(failure: Error): void {
    this.#failure ??= failure;
    this.#workers.forEach((worker) => worker.terminate());
    for (const { reject } of this.#pending.splice(0)) reject(this.#failure);
  }
}
