import assert from "node:assert/strict";
import { sha256 } from "../../../lib/core/digest.ts";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { patternedBlob } from "./kv_faults.ts";
import { runWriter } from "./run_writer.ts";

/** Runs a test with the path of a store that does not exist yet. */
async function withPath(test: (path: string) => Promise<void>): Promise<void> {
  const directory = await Deno.makeTempDir();
  try {
    await test(`${directory}/kv.sqlite`);
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

Deno.test("processes that save to one new store at once all succeed, under one name and several", () =>
  withPath(async (path) => {
    const [names, saves] = [["shared", "shared", "own-1", "own-2"], 4];
    const outcomes = await Promise.all(
      names.map((name, i) => runWriter({ path, name, firstSeed: 100 * (i + 1), saves })),
    );
    assert.deepEqual(outcomes, names.map(() => ""));

    using kv = await Deno.openKv(path);
    const store = createKvModelStore(kv);
    assert.ok((await store.verify()).every(({ problem }) => problem === null));
    const seeds = (writer: number) =>
      Array.from({ length: saves }, (_, i) => 100 * (writer + 1) + i);
    for (
      const [name, wanted] of [
        ["shared", [...seeds(0), ...seeds(1)]],
        ["own-1", seeds(2)],
        ["own-2", seeds(3)],
      ] as const
    ) {
      const versions = await store.versions(name);
      assert.equal((await store.find(name))?.version, String(wanted.length));
      assert.deepEqual(
        new Set(versions.map(({ weights }) => weights.sha256)),
        new Set(await Promise.all(wanted.map((seed) => sha256(patternedBlob(4_800_000, seed))))),
      );
    }
  }));

for (const commit of [1, 4, 9]) {
  Deno.test(`a writer that is killed during commit ${commit} of a save holds up no other`, () =>
    withPath(async (path) => {
      const killedAt = { duringCommit: commit };
      const [doomed, ...others] = await Promise.all([
        runWriter({ path, name: "model", firstSeed: 1, saves: 3, killedAt }),
        runWriter({ path, name: "model", firstSeed: 100, saves: 3 }),
        runWriter({ path, name: "other", firstSeed: 200, saves: 3 }),
      ]);
      assert.deepEqual([doomed, ...others], ["SIGKILL", "", ""]);

      using kv = await Deno.openKv(path);
      const store = createKvModelStore(kv);
      assert.ok((await store.verify()).every(({ problem }) => problem === null));
      assert.equal((await store.find("other"))?.version, "3");
      const versions = await store.versions("model");
      assert.ok(versions.length >= 3, "all that the surviving writer saved, at least");
      assert.equal((await store.find("model"))?.version, versions[0]?.version);
    }));
}
