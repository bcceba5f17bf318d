/**
 * The server in several threads, which share one port: Linux shares connections out among them.
 *
 * Threads and not processes, as `deno serve --parallel` does it: to start a process, the server would
 * need the right to run any program.
 *
 * @module
 */

// Node's kind of worker, for it says when it ends.
import { Worker } from "node:worker_threads";
import { UsageError } from "../../lib/core/errors.ts";
import type { ListenAddress } from "../../lib/core/listen_address.ts";
import type { RunningServer } from "./serve.ts";
import { ChildFailure } from "./cli.ts";
import { dropPermissions } from "./drop_permissions.ts";

/** Milliseconds after a signal by which every worker that heard it has ended. */
const STOP_MILLISECONDS = 6_000;

/**
 * Starts workers, each of which logs its address: one, and when it listens the others. When all do,
 * this process may do no more than a server needs (`dropPermissions`). A signal ends each of them as it
 * ends a server that is alone. A worker that fails ends all, as a failure does there: what
 * started the server knows whether to start it again.
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
  const stop = new AbortController();
  for (const signal of signals) Deno.addSignalListener(signal, () => stop.abort());
  stop.signal.addEventListener("abort", () => {
    // One that starts when the signal comes may not hear it, and go on for ever.
    Deno.unrefTimer(setTimeout(() => Deno.exit(0), STOP_MILLISECONDS));
  });
  const first = startWorker(stop.signal);
  await Promise.race([first.listens, first.ended]);
  const others = Array.from({ length: count - 1 }, () => startWorker(stop.signal));
  const workers = [first, ...others];
  const finished = Promise.all(workers.map(({ ended }) => ended)).then(() => {});
  await Promise.race([Promise.all(workers.map(({ listens }) => listens)), finished]);
  await dropPermissions(Deno.env.get("EDGEDOOR_KV"));
  return { address, finished };
}

interface ServeWorker {
  /** Resolves when it listens, if it comes to that. */
  readonly listens: Promise<void>;
  /** Resolves when it has ended; rejects if it fails. */
  readonly ended: Promise<void>;
}

function startWorker(stop: AbortSignal): ServeWorker {
  const worker = new Worker(new URL("./serve_worker.ts", import.meta.url));
  const end = Promise.withResolvers<number>();
  worker.on("exit", end.resolve);
  // Deno has printed it.
  worker.on("error", () => end.resolve(1));
  let isCut = false;
  const message = Promise.withResolvers<void>();
  worker.on("message", () => message.resolve());
  const listens = message.promise.then(async () => {
    // A signal that came before it could hear one: it serves nobody yet.
    isCut = stop.aborted;
    if (isCut) await worker.terminate();
  });
  const ended = end.promise.then((status) => {
    if (status !== 0 && !isCut) throw new ChildFailure(status);
  });
  return { listens, ended };
}
