/**
 * The server in several threads, which share one port: Linux shares connections out among them.
 *
 * Threads and not processes, as `deno serve --parallel` does it: to start a process, the server would
 * need the right to run any program.
 *
 * @module
 */

import { once } from "node:events";
// Node's kind of worker, for it says when it ends.
import { Worker } from "node:worker_threads";
import { UsageError } from "../../lib/core/errors.ts";
import type { ListenAddress } from "../../lib/core/listen_address.ts";
import type { RunningServer } from "./serve.ts";
import { ChildFailure } from "./cli.ts";

/**
 * Starts workers, each of which logs its address: one, and when it listens the others. A signal ends each of them as it ends a server
 * that is alone. A worker that fails ends all, as a failure does there: what started the server knows
 * whether to start it again.
 *
 * @param count How many.
 * @param address Where they listen, with the port that they share.
 * @throws {UsageError} If metrics are asked for, which each worker would count for itself.
 * @throws {ChildFailure} If the first cannot start; it has said why.
 */
export async function serveByWorkers(
  count: number,
  address: ListenAddress,
): Promise<RunningServer> {
  if (Deno.env.get("METRICS") === "1") {
    throw new UsageError(
      "Cannot serve: METRICS=1 cannot be combined with --workers, for each worker counts for itself; " +
        "unset METRICS",
    );
  }
  Deno.env.set("REUSE_PORT", "1");
  Deno.env.set("PORT", String(address.port));
  // A signal is for the workers; it must not end this thread, and all with it.
  const signals: Deno.Signal[] = Deno.build.os === "windows" ? ["SIGINT"] : ["SIGINT", "SIGTERM"];
  for (const signal of signals) Deno.addSignalListener(signal, () => {});
  const first = startWorker();
  const firstEnd = endOf(first);
  await Promise.race([once(first, "message"), firstEnd]);
  const others = Array.from({ length: count - 1 }, startWorker);
  return { address, finished: Promise.all([firstEnd, ...others.map(endOf)]).then(() => {}) };
}

function startWorker(): Worker {
  return new Worker(new URL("./serve_worker.ts", import.meta.url));
}

/** Waits for a worker's end. */
async function endOf(worker: Worker): Promise<void> {
  const ended = Promise.withResolvers<number>();
  worker.on("exit", ended.resolve);
  // Deno has printed it.
  worker.on("error", () => ended.resolve(1));
  const status = await ended.promise;
  if (status !== 0) throw new ChildFailure(status);
}
