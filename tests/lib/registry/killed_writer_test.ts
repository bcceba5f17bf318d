import assert from "node:assert/strict";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { keysOf, patternedBlob } from "./kv_faults.ts";
import { describeTiny } from "./tiny_model.ts";

/** Starts a writer, waits until it saves, and kills it (SIGKILL) a while later. */
async function killWriter(path: string, seed: number, milliseconds: number): Promise<void> {
  const script = new URL("./killed_writer.ts", import.meta.url).pathname;
  const writer = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", script, path, String(seed)],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const reader = writer.stdout.getReader();
  const { done } = await reader.read();
  assert.equal(done, false, "the writer must reach its first save");
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  writer.kill("SIGKILL");
  while (!(await reader.read()).done);
  await writer.status;
}

Deno.test("a writer killed at any moment of a save leaves the last good version served", async () => {
  const directory = await Deno.makeTempDir();
  const path = `${directory}/kv.sqlite`;
  try {
    let leftovers = 0;
    {
      using kv = await Deno.openKv(path);
      await createKvModelStore(kv).save("model", patternedBlob(100_000), describeTiny());
    }
    for (let round = 0; round < 10; round++) {
      // A save takes some 50 ms; the moments spread over it and the next.
      await killWriter(path, 1000 * (round + 1), 9 * round + 2 * (round % 4));
      using kv = await Deno.openKv(path);
      const store = createKvModelStore(kv);
      const states = await store.verify();
      assert.ok(states.length > 0);
      assert.deepEqual(states.filter(({ problem }) => problem !== null), []);
      const served = await store.find("model");
      assert.equal(served?.version, states[0]?.version);
      assert.equal((await store.read(served!)).length, served?.weights.bytes);
      const collected = await createKvModelStore(kv, { leftoverAge: 0 }).collect();
      leftovers += collected.length;
      const used = new Set((await store.versions("model")).map(({ weights }) => weights.sha256));
      assert.equal((await keysOf(kv, ["leases"])).length, used.size);
    }
    assert.ok(leftovers > 0, "at least one writer must have been killed in the middle of a save");
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
});
