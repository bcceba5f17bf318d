/**
 * A Deno KV database that may be away for a while. Deno's own client tries an operation again and again
 * until the server answers, and nothing ends it, not even closing the database. A server cannot wait for
 * that: here an operation is given up once the database does not answer, and then no further one is
 * begun until it does.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { BusyError } from "../core/errors.ts";
import { createPatientKv, type PatientKv } from "./patient_kv.ts";

/** How a database is opened, and how patient a server is with it. */
export interface SteadyKvOptions {
  /** Opens it; called again after it was away if `reach` is given. */
  readonly open: () => Promise<Deno.Kv>;
  /**
   * Looks whether a database of another machine can be reached, and rejects if not, or once it is told
   * to stop. It is asked before the database is opened again: an operation that fails would go on in
   * Deno's client.
   */
  readonly reach?: (signal: AbortSignal) => Promise<unknown>;
  /** Told why the database cannot be opened, each reason once in a row. */
  readonly onRefusal?: (error: Error) => void;
  /**
   * How long an operation is waited for before the database is asked whether it is there, and how long
   * it may take to say so, in milliseconds.
   */
  readonly patience?: number;
  /** How long it is left alone before it is tried again, in milliseconds. */
  readonly pause?: number;
}

/** What is read to see whether the database answers. */
const PING: Deno.KvKey = ["leases", ""];

/** The longest pause where `reach` cannot tell, in milliseconds. */
const LONGEST_PAUSE = 60_000;

/**
 * Opens a database. No operation takes longer than twice the patience unless the database does answer:
 * it may be long, or the line slow.
 *
 * @returns Its methods throw `BusyError` while the database is away. It is to be disposed of, and the
 * database with it.
 *
 * @example
 * ```ts
 * import { createSteadyKv } from "./steady_kv.ts";
 *
 * using kv = createSteadyKv({ open: () => Deno.openKv(":memory:") });
 * await kv.get(["models"]);
 * ```
 */
export function createSteadyKv(
  { open, reach, onRefusal = () => {}, patience = 750, pause = 1_000 }: SteadyKvOptions,
): PatientKv & Disposable {
  const disposal = new AbortController();
  const { signal } = disposal;
  let database: Deno.Kv | null = null;
  let opening = openAgain();
  let away: BusyError | null = null;
  let gone = Promise.withResolvers<void>();
  let pinging: Promise<boolean> | null = null;
  let refusal: string | null = null;

  function openAgain(): Promise<Deno.Kv> {
    const opening = open().then((opened) => {
      // Nobody wants it any more.
      if (signal.aborted) opened.close();
      return database = opened;
    });
    // Those who wait for it are told.
    opening.catch(() => {});
    return opening;
  }

  /** Does something to the database as it is now. */
  async function use<T>(action: (kv: PatientKv) => Promise<T>): Promise<T> {
    if (away !== null) throw away;
    const kv = opening.catch((error: Error) => {
      throw leave(error);
    });
    const work = kv.then((kv) => action(createPatientKv(kv, patience)));
    for (;;) {
      const done = await within(Promise.race([work, gone.promise.then(() => null)]), patience);
      if (away !== null) throw away;
      // Only `gone` gives null.
      if (done !== null) return done.value as T;
      if (!await answers()) throw leave();
    }
  }

  /** Whether the database answers; asked once for all that wait. */
  function answers(): Promise<boolean> {
    pinging ??= ping(opening).finally(() => pinging = null);
    return pinging;
  }

  async function ping(kv: Promise<Deno.Kv>): Promise<boolean> {
    try {
      return await within(kv.then((kv) => kv.get(PING)), patience) !== null;
    } catch {
      return false;
    }
  }

  function leave(cause?: Error): BusyError {
    if (cause !== undefined) refuse(cause);
    if (away !== null) return away;
    away = new BusyError(
      "Cannot reach the store: it does not answer; see that it runs, and try again",
      { cause },
    );
    gone.resolve();
    if (!signal.aborted) comeBack().catch(() => {});
    return away;
  }

  function refuse(error: Error): void {
    if (error.message !== refusal) onRefusal(error);
    refusal = error.message;
  }

  /** Tries until the database answers, or is not wanted any more. */
  async function comeBack(): Promise<void> {
    for (let length = pause;; length = Math.min(2 * length, reach ? pause : LONGEST_PAUSE)) {
      await delay(length, undefined, { signal, ref: false });
      if (!await isBack()) continue;
      [away, refusal, gone] = [null, null, Promise.withResolvers<void>()];
      return;
    }
  }

  async function isBack(): Promise<boolean> {
    try {
      await reach?.(AbortSignal.any([signal, AbortSignal.timeout(2 * patience)]));
      if (reach !== undefined || database === null) {
        database?.close();
        database = null;
        opening = openAgain();
        await within(opening, 2 * patience);
      }
    } catch (error) {
      if (error instanceof Error && error.name !== "TimeoutError") refuse(error);
      return false;
    }
    return await ping(opening);
  }

  return {
    get: (key) => use((kv) => kv.get(key)),
    getMany: (keys) => use((kv) => kv.getMany(keys)),
    entries: (prefix) => use((kv) => kv.entries(prefix)),
    commit: (build) => use((kv) => kv.commit(build)),
    [Symbol.dispose]() {
      disposal.abort();
      leave();
      database?.close();
      database = null;
    },
  };
}

/** What a promise gives, or `null` if it takes longer. */
async function within<T>(
  work: Promise<T>,
  milliseconds: number,
): Promise<{ readonly value: T } | null> {
  const controller = new AbortController();
  const { signal } = controller;
  try {
    return await Promise.race([
      work.then((value) => ({ value })),
      delay(milliseconds, null, { signal }).catch(() => null),
    ]);
  } finally {
    controller.abort();
    // Whoever gave it up is not told that it failed.
    work.catch(() => {});
  }
}
