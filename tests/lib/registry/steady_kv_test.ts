import assert from "node:assert/strict";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { rememberList } from "../../../lib/registry/remember_list.ts";
import { createSteadyKv } from "../../../lib/registry/steady_kv.ts";
import type { ModelProblem } from "../../../lib/registry/source.ts";
import { patternedBlob } from "./kv_faults.ts";
import { describeTiny } from "./tiny_model.ts";

/** As long as a test wants to wait for nothing, in milliseconds. */
const times = { patience: 300, pause: 50 };

/** A database in memory that a test can take away: its operations then wait until it is back. */
async function createDatabase() {
  const kv = await Deno.openKv(":memory:");
  let back = Promise.withResolvers<void>();
  back.resolve();
  let begun = 0;
  let opened = 0;
  const wait = async <T>(work: () => Promise<T>): Promise<T> => {
    begun++;
    await back.promise;
    return await work();
  };
  const unreliable = {
    get: (key: Deno.KvKey) => wait(() => kv.get(key)),
    getMany: (keys: Deno.KvKey[]) => wait(() => kv.getMany(keys)),
    async *list(selector: Deno.KvListSelector) {
      yield* await wait(() => Array.fromAsync(kv.list(selector)));
    },
    atomic: () => kv.atomic(),
    close() {},
  } as unknown as Deno.Kv;
  return {
    kv,
    open: () => {
      opened++;
      return Promise.resolve(unreliable);
    },
    leave() {
      back = Promise.withResolvers();
    },
    comeBack: () => back.resolve(),
    begun: () => begun,
    opened: () => opened,
    [Symbol.dispose]() {
      back.resolve();
      kv.close();
    },
  };
}

/** Waits until something holds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 500; attempt++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail("it did not come to hold");
}

const isThere = (kv: ReturnType<typeof createSteadyKv>) =>
  kv.get(["a"]).then(() => true, () => false);

const awayError = { name: "BusyError", message: /^Cannot reach the store: it does not answer/ };

Deno.test("a database that is there is used as it is", async () => {
  using database = await createDatabase();
  using kv = createSteadyKv({ open: database.open, patience: 30_000 });
  await kv.commit((operation) => operation.set(["a"], 1));
  assert.equal((await kv.get(["a"])).value, 1);
  assert.deepEqual((await kv.getMany([["a"], ["b"]])).map(({ value }) => value), [1, null]);
  assert.deepEqual((await kv.entries([])).map(({ key }) => key), [["a"]]);
  assert.equal(database.opened(), 1);
});

Deno.test("one that is away is given up, and not asked again at each call, until it is back", async () => {
  using database = await createDatabase();
  using kv = createSteadyKv({ open: database.open, ...times });
  await kv.get(["a"]);
  database.leave();
  const given = await Promise.allSettled([kv.get(["a"]), kv.entries([]), kv.getMany([["a"]])]);
  for (const each of given) {
    assert.equal(each.status, "rejected");
    assert.match(each.status === "rejected" ? each.reason.message : "", awayError.message);
  }
  const begun = database.begun();
  for (let call = 0; call < 50; call++) await assert.rejects(kv.get(["a"]), awayError);
  // At most what looks whether it is back.
  assert.ok(database.begun() - begun <= 3, `${database.begun() - begun} were begun`);
  database.comeBack();
  await until(() => isThere(kv));
});

Deno.test("what takes long is waited for while the database answers", async () => {
  using database = await createDatabase();
  const slow = {
    get: (key: Deno.KvKey) => database.kv.get(key),
    async getMany(keys: Deno.KvKey[]) {
      await new Promise((resolve) => setTimeout(resolve, 3 * times.patience));
      return await database.kv.getMany(keys);
    },
    close() {},
  } as unknown as Deno.Kv;
  using kv = createSteadyKv({ open: () => Promise.resolve(slow), ...times });
  assert.deepEqual((await kv.getMany([["a"]])).map(({ value }) => value), [null]);
});

Deno.test("one of another machine is opened again only once it can be reached", async () => {
  using database = await createDatabase();
  let isReached = false;
  const refusals: string[] = [];
  using kv = createSteadyKv({
    open: database.open,
    reach: () => isReached ? Promise.resolve() : Promise.reject(new Error("connection refused")),
    onRefusal: ({ message }) => refusals.push(message),
    ...times,
  });
  await kv.get(["a"]);
  database.leave();
  await assert.rejects(kv.get(["a"]), awayError);
  const begun = database.begun();
  await until(() => Promise.resolve(refusals.length > 0));
  await new Promise((resolve) => setTimeout(resolve, 5 * times.pause));
  assert.deepEqual([database.begun(), database.opened()], [begun, 1]);
  assert.deepEqual(refusals, ["connection refused"]);
  isReached = true;
  database.comeBack();
  await until(() => isThere(kv));
  assert.equal(database.opened(), 2);
});

Deno.test("one that cannot be opened yet is away, with the reason for the log, and opened later", async () => {
  using database = await createDatabase();
  let isThereYet = false;
  const refusals: string[] = [];
  using kv = createSteadyKv({
    open: () => isThereYet ? database.open() : Promise.reject(new Error("nobody listens")),
    onRefusal: ({ message }) => refusals.push(message),
    ...times,
  });
  for (let call = 0; call < 3; call++) await assert.rejects(kv.get(["a"]), awayError);
  isThereYet = true;
  await until(() => isThere(kv));
  assert.deepEqual(refusals, ["nobody listens"]);
});

Deno.test("an error of an operation is no absence", async () => {
  using database = await createDatabase();
  using kv = createSteadyKv({ open: database.open, patience: 30_000 });
  await assert.rejects(kv.get([{}] as never), /^Error: Cannot read the store: /);
  assert.equal((await kv.get(["a"])).value, null);
});

Deno.test("one that is disposed of answers no more, even if it was away", async () => {
  using database = await createDatabase();
  const kv = createSteadyKv({ open: database.open, ...times });
  await kv.get(["a"]);
  database.leave();
  const waiting = kv.get(["a"]);
  kv[Symbol.dispose]();
  await assert.rejects(waiting, awayError);
  await assert.rejects(kv.get(["a"]), awayError);
});

Deno.test("the last list of a store that is away is remembered, and that it is away is a problem", async () => {
  using database = await createDatabase();
  using kv = createSteadyKv({ open: database.open, ...times });
  const store = createKvModelStore(database.kv);
  await store.save("good", patternedBlob(10, 1), describeTiny());
  await store.save("bad", patternedBlob(10, 2), describeTiny());
  await database.kv.set(["models", "bad", "versions", "1"], new Uint8Array());
  const source = rememberList(createKvModelStore(kv));
  const listed = async () => {
    const problems: ModelProblem[] = [];
    const models = await source.list((problem) => problems.push(problem));
    return [models.map(({ name }) => name), problems.map(({ name }) => name)];
  };
  assert.deepEqual(await listed(), [["good"], ["bad"]]);
  database.leave();
  for (let look = 0; look < 2; look++) assert.deepEqual(await listed(), [["good"], [null, "bad"]]);
  await assert.rejects(source.find("good"), awayError);
  await store.remove("bad");
  database.comeBack();
  await until(() => isThere(kv));
  assert.deepEqual(await listed(), [["good"], []]);
});

Deno.test("a store that was never there has an empty list", async () => {
  const fail = () => Promise.reject(new Error("Cannot reach the store"));
  const source = rememberList({ list: fail, find: fail, versions: fail, read: fail });
  const problems: ModelProblem[] = [];
  assert.deepEqual(await source.list((problem) => problems.push(problem)), []);
  assert.deepEqual(problems, [{ name: null, version: null, problem: "Cannot reach the store" }]);
});
