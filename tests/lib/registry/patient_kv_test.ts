import assert from "node:assert/strict";
import { createPatientKv, patiently } from "../../../lib/registry/patient_kv.ts";

const locked = () => new TypeError("database is locked");

/** Fails so many times, and then answers how often it was asked. */
function lockedFor(times: number, error: () => Error = locked): () => Promise<number> {
  let asked = 0;
  return () => ++asked <= times ? Promise.reject(error()) : Promise.resolve(asked);
}

for (
  const message of ["database is locked", "database table is locked: blobs", "locking protocol"]
) {
  Deno.test(`what fails by "${message}" is tried again until it is done`, async () => {
    assert.equal(await patiently(lockedFor(4, () => new Error(message))), 5);
  });
}

Deno.test("what fails otherwise is not tried again", async () => {
  const full = () => new Error("database or disk is full");
  const action = lockedFor(1, full);
  await assert.rejects(patiently(action), full());
  assert.equal(await action(), 2);
});

Deno.test("a database that stays locked is given up, with the time that it was waited for", async () => {
  await assert.rejects(patiently(lockedFor(Infinity), 40), {
    name: "BusyError",
    message: /locked for 0\.04 s; try again/,
    cause: locked(),
  });
});

Deno.test("every access waits: reads, lists and commits", async () => {
  using kv = await Deno.openKv(":memory:");
  await kv.set(["a", 1], "one");
  let faults = 0;
  /** Fails when it is called first. */
  const flaky = <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) => {
    let calls = 0;
    return (...args: Args) => {
      if (calls++ > 0) return work(...args);
      faults++;
      return Promise.reject(locked());
    };
  };
  const list = flaky((selector: Deno.KvListSelector) => Array.fromAsync(kv.list(selector)));
  const commit = flaky((operation: Deno.AtomicOperation) => operation.commit());
  const patient = createPatientKv({
    get: flaky((key: Deno.KvKey) => kv.get(key)),
    getMany: flaky((keys: Deno.KvKey[]) => kv.getMany(keys)),
    async *list(selector: Deno.KvListSelector) {
      yield* await list(selector);
    },
    atomic() {
      const operation = kv.atomic();
      const set = (key: Deno.KvKey, value: unknown) => ({
        commit: () => commit(operation.set(key, value)),
      });
      return { set };
    },
  } as unknown as Deno.Kv);

  assert.equal((await patient.get(["a", 1])).value, "one");
  const many = await patient.getMany([["a", 1], ["b"]]);
  assert.deepEqual(many.map(({ value }) => value), ["one", null]);
  assert.deepEqual((await patient.entries(["a"])).map(({ key }) => key), [["a", 1]]);
  assert.equal((await patient.commit((operation) => operation.set(["b"], "two"))).ok, true);
  assert.equal((await kv.get(["b"])).value, "two");
  assert.equal(faults, 4);
});

Deno.test("a database that cannot be read says so, and why", async () => {
  using kv = await Deno.openKv(":memory:");
  const damaged = new Error("database disk image is malformed");
  const patient = createPatientKv({
    get: () => Promise.reject(damaged),
    list: (selector: Deno.KvListSelector) => {
      const list = kv.list(selector);
      return Object.assign(list, { next: () => Promise.reject(damaged) });
    },
  } as unknown as Deno.Kv);
  for (const reading of [patient.get(["a"]), patient.entries(["a"])]) {
    await assert.rejects(reading, {
      message:
        "Cannot read the store: database disk image is malformed; see that it can be reached and " +
        "is not damaged",
    });
  }
});
