/**
 * A Deno KV database that other processes write to as well.
 *
 * SQLite, which a local Deno KV is made of, lets one process write at a time. Another that wants to
 * write, or to open the file, waits for five seconds and then fails with "database is locked"; it
 * fails at once if somebody wrote between what its transaction read and what it writes. Nothing is
 * written in either case, so the same can be tried again.
 *
 * @module
 */

import { setTimeout as delay } from "node:timers/promises";
import { BusyError } from "../core/errors.ts";

/** How long a locked database is waited for unless the caller says otherwise, in milliseconds. */
export const PATIENCE = 60_000;

const FIRST_PAUSE = 10;
const LONGEST_PAUSE = 1_000;

/**
 * Does something to a database, and again for as long as it is locked.
 *
 * @param action May be called any number of times; all but the last have failed.
 * @param patience Milliseconds after which no further time is tried.
 * @throws {BusyError} If the database is still locked then.
 *
 * @example
 * ```ts
 * import { patiently } from "./patient_kv.ts";
 *
 * using kv = await patiently(() => Deno.openKv(":memory:"));
 * ```
 */
export async function patiently<T>(action: () => Promise<T>, patience = PATIENCE): Promise<T> {
  const deadline = performance.now() + patience;
  for (let longest = FIRST_PAUSE;; longest = Math.min(2 * longest, LONGEST_PAUSE)) {
    try {
      return await action();
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (performance.now() >= deadline) {
        throw new BusyError(
          `Cannot use the store: other programs have kept it locked for ${patience / 1000} s; ` +
            "try again when they are done",
          { cause: error },
        );
      }
    }
    // By chance, and not by a seed: programs that met once would meet again.
    await delay(longest * Math.random());
  }
}

/** What the store asks of a database; every method waits while the database is locked. */
export interface PatientKv {
  get(key: Deno.KvKey): Promise<Deno.KvEntryMaybe<unknown>>;
  /** @param keys At most 10. */
  getMany(keys: readonly Deno.KvKey[]): Promise<readonly Deno.KvEntryMaybe<unknown>[]>;
  /** All entries under a prefix, in the order of their keys. They are no snapshot. */
  entries(prefix: Deno.KvKey): Promise<readonly Deno.KvEntry<unknown>[]>;
  /**
   * Runs an atomic operation.
   *
   * @param build Adds the operation's checks and mutations; called again for each time it is tried.
   */
  commit(
    build: (operation: Deno.AtomicOperation) => Deno.AtomicOperation,
  ): Promise<Deno.KvCommitResult | Deno.KvCommitError>;
}

/** Makes a database patient. */
export function createPatientKv(kv: Deno.Kv, patience = PATIENCE): PatientKv {
  const read = async <T>(action: () => Promise<T>): Promise<T> => {
    try {
      return await patiently(action, patience);
    } catch (cause) {
      if (!(cause instanceof Error) || cause instanceof BusyError) throw cause;
      throw new Error(
        `Cannot read the store: ${cause.message}; see that it can be reached and is not damaged`,
        { cause },
      );
    }
  };
  return {
    get: (key) => read(() => kv.get<unknown>(key)),
    getMany: (keys) => read(() => kv.getMany<unknown[]>([...keys])),
    entries: (prefix) => read(() => Array.fromAsync(kv.list<unknown>({ prefix }))),
    commit: (build) => patiently(() => build(kv.atomic()).commit(), patience),
  };
}

/** SQLite's words for it: the second, while several processes open one file. */
function isLocked(error: unknown): boolean {
  return error instanceof Error &&
    /\b(database( \w+)? is locked|locking protocol)\b/.test(error.message);
}
