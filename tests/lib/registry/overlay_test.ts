import assert from "node:assert/strict";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { overlay } from "../../../lib/registry/overlay.ts";
import type { ModelSource } from "../../../lib/registry/source.ts";
import type { ModelStore } from "../../../lib/registry/store.ts";
import { patternedBlob } from "./kv_faults.ts";
import { describeTiny } from "./tiny_model.ts";

/** Runs a test with two stores and the first laid over the second. */
async function withStores(
  test: (upper: ModelStore, lower: ModelStore, both: ModelSource) => Promise<void>,
): Promise<void> {
  using upperKv = await Deno.openKv(":memory:");
  using lowerKv = await Deno.openKv(":memory:");
  let clock = Date.UTC(2026, 0, 1);
  const now = () => clock += 1000;
  const [upper, lower] = [
    createKvModelStore(upperKv, { now }),
    createKvModelStore(lowerKv, { now }),
  ];
  await test(upper, lower, overlay(upper, lower));
}

Deno.test("an overlay lists each name once, the upper source's, newest first", () =>
  withStores(async (upper, lower, both) => {
    await lower.save("a", patternedBlob(3, 1), describeTiny());
    await upper.save("b", patternedBlob(3, 2), describeTiny());
    await lower.save("b", patternedBlob(3, 3), describeTiny());
    await lower.save("c", patternedBlob(3, 4), describeTiny());
    const upperB = await upper.find("b");
    assert.deepEqual((await both.list()).map(({ name }) => name), ["c", "b", "a"]);
    assert.deepEqual((await both.list())[1], upperB);
    assert.deepEqual(await both.find("b"), upperB);
    assert.equal((await both.find("a"))?.name, "a");
    assert.equal(await both.find("d"), null);
  }));

Deno.test("a name in the upper source hides all versions of it in the lower", () =>
  withStores(async (upper, lower, both) => {
    for (const seed of [1, 2, 3]) await lower.save("a", patternedBlob(3, seed), describeTiny());
    assert.equal((await both.find("a", "2"))?.version, "2");
    await upper.save("a", patternedBlob(3, 4), describeTiny());
    assert.equal(
      (await both.find("a", "1"))?.weights.sha256,
      (await upper.find("a"))?.weights.sha256,
    );
    assert.equal(await both.find("a", "2"), null);
    await upper.save("a", patternedBlob(3, 5), describeTiny());
    assert.deepEqual(await both.find("a", "1"), await upper.find("a", "1"));
  }));

Deno.test("an overlay reads from the source whose manifest it is, or says that none has it", () =>
  withStores(async (upper, lower, both) => {
    const blobs = [patternedBlob(3, 1), patternedBlob(3, 2)] as const;
    const above = await upper.save("a", blobs[0], describeTiny());
    const below = await lower.save("a", blobs[1], describeTiny());
    assert.deepEqual(await both.read(above), blobs[0]);
    assert.deepEqual(await both.read(below), blobs[1]);
    await lower.remove("a");
    await assert.rejects(both.read(below), { name: "IntegrityError", message: /no source has it/ });
  }));

Deno.test("a broken model in the upper source hides the lower one of its name, and no other", async () => {
  using upperKv = await Deno.openKv(":memory:");
  using lowerKv = await Deno.openKv(":memory:");
  const [upper, lower] = [createKvModelStore(upperKv), createKvModelStore(lowerKv)];
  for (const name of ["a", "b"]) await lower.save(name, patternedBlob(3), describeTiny());
  await upper.save("a", patternedBlob(4), describeTiny());
  await upperKv.set(["models", "a", "versions", "1"], new Uint8Array());
  const both = overlay(upper, lower);
  const problems: (string | null)[] = [];
  const models = await both.list(({ name }) => problems.push(name));
  assert.deepEqual([models.map(({ name }) => name), problems], [["b"], ["a"]]);
  await assert.rejects(both.find("a"), { name: "IntegrityError" });
});

Deno.test("an overlay's versions of a model are those of the source that has it", () =>
  withStores(async (upper, lower, both) => {
    for (const seed of [1, 2, 3]) await lower.save("a", patternedBlob(3, seed), describeTiny());
    const versions = async () => (await both.versions("a")).map(({ version }) => version);
    assert.deepEqual(await versions(), ["3", "2", "1"]);
    await upper.save("a", patternedBlob(3, 4), describeTiny());
    assert.deepEqual(await versions(), ["1"]);
    assert.deepEqual(await both.versions("b"), []);
  }));
