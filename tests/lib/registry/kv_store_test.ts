import assert from "node:assert/strict";
import { sha256 } from "../../../lib/core/digest.ts";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { interceptCommits, keysOf, patternedBlob } from "./kv_faults.ts";
import { storeCases } from "./store_cases.ts";
import { describeTiny } from "./tiny_model.ts";

for (const { name, run } of storeCases) {
  Deno.test(`in memory: ${name}`, async () => {
    using kv = await Deno.openKv(":memory:");
    await run(kv);
  });

  Deno.test(`in a file: ${name}`, async () => {
    const directory = await Deno.makeTempDir();
    try {
      using kv = await Deno.openKv(`${directory}/kv.sqlite`);
      await run(kv);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  });
}

const CHUNK = 65_536;
/** Its save is five commits: the lease, three batches of chunks, the manifest with the pointer. */
const blob = patternedBlob(25 * CHUNK, 7);
const commitsOfSave = [1, 2, 3, 4, 5];

/** Any age is too old for this one, so that it collects whatever it is allowed to. */
function eagerStore(kv: Deno.Kv) {
  return createKvModelStore(kv, { leftoverAge: 0 });
}

Deno.test("a save is the lease, the chunks in batches, then manifest and pointer in one", async () => {
  using kv = await Deno.openKv(":memory:");
  const modelKeys: string[][] = [];
  const watched = interceptCommits(kv, async () => {
    modelKeys.push(await keysOf(kv, ["models"]));
  });
  await createKvModelStore(watched).save("model", blob, describeTiny());
  assert.deepEqual(modelKeys, [[], [], [], [], []]);
  assert.deepEqual(await keysOf(kv, ["models"]), [
    '["models","model","current"]',
    '["models","model","versions","1"]',
  ]);
});

for (const last of commitsOfSave) {
  Deno.test(`a save killed before commit ${last} leaves the last good version served`, async () => {
    using kv = await Deno.openKv(":memory:");
    const good = patternedBlob(CHUNK + 1);
    const store = createKvModelStore(kv);
    await store.save("model", good, describeTiny());
    const keysBefore = await keysOf(kv);
    const dying = interceptCommits(kv, (commit) => {
      if (commit === last) throw new Error("killed");
    });
    await assert.rejects(createKvModelStore(dying).save("model", blob, describeTiny()), /killed/);

    const served = await store.find("model");
    assert.equal(served?.version, "1");
    assert.deepEqual(await store.read(served), good);
    assert.ok((await store.verify()).every(({ problem }) => problem === null));
    // What it left may still be in use as far as anybody knows; once it is old it is collected.
    assert.deepEqual(await store.collect(), []);
    await eagerStore(kv).collect();
    assert.deepEqual(await keysOf(kv), keysBefore);
  });

  Deno.test(`a save completes what one killed before commit ${last} began`, async () => {
    using kv = await Deno.openKv(":memory:");
    const dying = interceptCommits(kv, (commit) => {
      if (commit === last) throw new Error("killed");
    });
    await assert.rejects(createKvModelStore(dying).save("model", blob, describeTiny()), /killed/);
    const store = createKvModelStore(kv);
    const saved = await store.save("model", blob, describeTiny());
    assert.equal(saved.version, "1");
    assert.deepEqual(await store.read(saved), blob);
  });

  Deno.test(`a collection before commit ${last} of a save takes nothing that it needs`, async () => {
    using kv = await Deno.openKv(":memory:");
    const collected: string[] = [];
    const disturbed = interceptCommits(kv, async (commit) => {
      if (commit === last) collected.push(...await eagerStore(kv).collect());
    });
    const saved = await createKvModelStore(disturbed).save("model", blob, describeTiny());
    assert.deepEqual(await createKvModelStore(kv).read(saved), blob);
    // From the second commit on there was a lease, so that the collector did come between.
    assert.deepEqual(collected, last === 1 ? [] : [saved.weights.sha256]);
    assert.deepEqual(await eagerStore(kv).collect(), []);
  });
}

for (const when of [1, 2]) {
  Deno.test(`deleting a model of the same bytes before commit ${when} of a save is safe`, async () => {
    using kv = await Deno.openKv(":memory:");
    await createKvModelStore(kv).save("other", blob, describeTiny());
    const removed: string[] = [];
    const disturbed = interceptCommits(kv, async (commit) => {
      // All chunks are there: such a save is the lease and the pointer, unless it begins again.
      if (commit === when) removed.push(...(await eagerStore(kv).remove("other")).blobs);
    });
    const saved = await createKvModelStore(disturbed).save("model", blob, describeTiny());
    assert.deepEqual(removed, [saved.weights.sha256]);
    assert.deepEqual(await createKvModelStore(kv).read(saved), blob);
    assert.deepEqual((await createKvModelStore(kv).list()).map(({ name }) => name), ["model"]);
  });
}

/** Its chunks take two commits to delete. */
const longBlob = patternedBlob(501 * CHUNK, 9);

for (const when of [1, 2]) {
  Deno.test(`a save before commit ${when} of a collection is whole, and the collector lets go`, async () => {
    using kv = await Deno.openKv(":memory:");
    const store = createKvModelStore(kv);
    await store.save("old", longBlob, describeTiny());
    let saved = null;
    const disturbed = interceptCommits(kv, async (commit) => {
      // Commit 1 deletes the manifest; then the collection begins.
      if (commit === 1 + when) saved = await store.save("new", longBlob, describeTiny());
    });
    assert.deepEqual((await eagerStore(disturbed).remove("old")).blobs, []);
    assert.ok(saved);
    assert.equal(await sha256(await store.read(saved)), await sha256(longBlob));
  });
}

Deno.test("a collection killed halfway is finished by the next one", async () => {
  using kv = await Deno.openKv(":memory:");
  await createKvModelStore(kv).save("old", longBlob, describeTiny());
  const dying = interceptCommits(kv, (commit) => {
    if (commit === 3) throw new Error("killed");
  });
  await assert.rejects(createKvModelStore(dying).remove("old"), /killed/);
  assert.equal((await keysOf(kv, ["blobs"])).length, 1);
  assert.equal((await createKvModelStore(kv).collect()).length, 1);
  assert.deepEqual(await keysOf(kv), []);
});

Deno.test("a save that is collected, then killed, leaves nothing that cannot be collected", async () => {
  using kv = await Deno.openKv(":memory:");
  const dying = interceptCommits(kv, async (commit) => {
    if (commit === 3) await eagerStore(kv).collect();
    if (commit === 4) throw new Error("killed");
  });
  await assert.rejects(createKvModelStore(dying).save("model", blob, describeTiny()), /killed/);
  await eagerStore(kv).collect();
  assert.deepEqual(await keysOf(kv), []);
});

Deno.test("a save after the pointer was set back overwrites no version", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createKvModelStore(kv);
  for (const seed of [1, 2]) await store.save("model", patternedBlob(9, seed), describeTiny());
  await kv.set(["models", "model", "current"], "1");
  assert.equal((await store.find("model"))?.version, "1");
  assert.equal((await store.save("model", patternedBlob(9, 3), describeTiny())).version, "3");
  assert.equal((await store.versions("model")).length, 3);
});

Deno.test("a save whose check is lost to another becomes the next version", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createKvModelStore(kv);
  const disturbed = interceptCommits(kv, async (commit) => {
    if (commit === 3) await store.save("model", patternedBlob(5), describeTiny());
  });
  const small = patternedBlob(CHUNK, 3);
  const saved = await createKvModelStore(disturbed).save("model", small, describeTiny());
  assert.equal(saved.version, "2");
  assert.deepEqual(await store.read(saved), small);
  assert.deepEqual((await store.versions("model")).map(({ version }) => version), ["2", "1"]);
});

Deno.test("a save that loses every check gives up with an error that says so", async () => {
  using kv = await Deno.openKv(":memory:");
  const disturbed = interceptCommits(kv, async () => {
    await kv.set(["models", "model", "current"], "1");
  });
  await assert.rejects(
    createKvModelStore(disturbed).save("model", patternedBlob(5), describeTiny()),
    /Cannot save model "model": other writers came between 100 times/,
  );
});

Deno.test("two removals at once never leave a pointer to nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createKvModelStore(kv);
  for (const seed of [1, 2, 3]) await store.save("model", patternedBlob(9, seed), describeTiny());
  let others = 0;
  const disturbed = interceptCommits(kv, async (commit) => {
    // Takes the version that the removal of the served one was about to serve.
    if (commit === 1) others += (await store.remove("model", "2")).versions.length;
  });
  assert.equal((await createKvModelStore(disturbed).remove("model", "3")).current, "1");
  assert.equal(others, 1);
  assert.equal((await store.find("model"))?.version, "1");
});

Deno.test("a removal that a save comes before removes the saved version too", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createKvModelStore(kv);
  await store.save("model", patternedBlob(9, 1), describeTiny());
  const disturbed = interceptCommits(kv, async (commit) => {
    if (commit === 1) await store.save("model", patternedBlob(9, 2), describeTiny());
  });
  const removal = await createKvModelStore(disturbed).remove("model");
  assert.deepEqual(removal.versions, ["2", "1"]);
  assert.deepEqual(await keysOf(kv), []);
});

Deno.test("what could not be saved is refused beforehand, and asking changes nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createKvModelStore(kv);
  await store.checkSavable("model");
  assert.deepEqual(await keysOf(kv), []);
  await assert.rejects(store.checkSavable("Bad Name"), { name: "UsageError" });
  const readOnly = interceptCommits(kv, () => {
    // Deno's words for a file that this process may not write to.
    throw new TypeError("Can not write to a read-only database.");
  });
  await assert.rejects(
    createKvModelStore(readOnly).checkSavable("model"),
    /^Error: Cannot save model "model": .*read-only database.; make the store writable, or choose/,
  );
});
