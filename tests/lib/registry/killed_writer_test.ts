import assert from "node:assert/strict";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { type Fault, faultEnvironment } from "../../fault.ts";
import { keysOf, patternedBlob } from "./kv_faults.ts";
import { describeTiny } from "./tiny_model.ts";

/** Starts a writer that is killed (SIGKILL) at a moment of its save; answers whether it was. */
async function killWriter(path: string, seed: number, at: Fault["at"]): Promise<boolean> {
  const file = (name: string) => new URL(name, import.meta.url).pathname;
  const { success, signal } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-A", "--no-check", `--preload=${file("../../fault.ts")}`],
      ...[file("./killed_writer.ts"), path, String(seed)],
    ],
    env: faultEnvironment({ signal: "SIGKILL", at }),
    stdin: "null",
    stdout: "null",
    stderr: "inherit",
  }).output();
  assert.ok(success || signal === "SIGKILL");
  return !success;
}

/** Asserts that all that a store has is whole; answers with the version served and what was left. */
async function look(path: string): Promise<{ served: string | undefined; leftovers: number }> {
  using kv = await Deno.openKv(path);
  const store = createKvModelStore(kv);
  const states = await store.verify();
  assert.ok(states.length > 0);
  assert.deepEqual(states.filter(({ problem }) => problem !== null), []);
  const served = await store.find("model");
  assert.equal(served?.version, states[0]?.version);
  assert.equal((await store.read(served!)).length, served?.weights.bytes);
  const collected = await createKvModelStore(kv, { leftoverAge: 0 }).collect();
  const used = new Set((await store.versions("model")).map(({ weights }) => weights.sha256));
  assert.equal((await keysOf(kv, ["leases"])).length, used.size);
  return { served: served?.version, leftovers: collected.length };
}

Deno.test("a writer killed at any moment of a save leaves the last good version served", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/kv.sqlite`;
  try {
    {
      using kv = await Deno.openKv(path);
      await createKvModelStore(kv).save("model", patternedBlob(100_000), describeTiny());
    }
    // Before each commit: of the lease, of each ten chunks, of manifest and pointer.
    let commits = 0;
    while (await killWriter(path, commits + 1, { beforeCommit: commits + 1 })) {
      const leftovers = commits === 0 ? 0 : 1;
      assert.deepEqual(await look(path), { served: "1", leftovers });
      commits++;
    }
    assert.ok(commits > 4_800_000 / 65_536 / 10, `got ${commits}`);
    assert.deepEqual(await look(path), { served: "2", leftovers: 0 });
    for (const commit of [1, 2, commits]) {
      await killWriter(path, 100 + commit, { duringCommit: commit });
      assert.match((await look(path)).served!, commit === commits ? /^[23]$/ : /^2$/);
    }
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
