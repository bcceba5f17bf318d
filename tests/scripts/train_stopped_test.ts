/** Training that is stopped: by Ctrl-C in order, by a kill at any moment without harm. */

import assert from "node:assert/strict";
import { createKvModelStore } from "../../lib/registry/kv_store.ts";
import { patternedBlob } from "../lib/registry/kv_faults.ts";
import { describeTiny } from "../lib/registry/tiny_model.ts";
import type { Fault } from "../fault.ts";
import { type Outcome, runCommand, startCommand, withFolder } from "./run_command.ts";

/** Minutes of training, of which the tests see the first second. */
const long = ["--limit", "20000", "--name", "model"];
/** One step an epoch, and then an evaluation on all test images. */
const short = [
  ...["--model", "badnets", "--limit", "128", "--batch-size", "128", "--attack", "none"],
  ...["--name", "model"],
];

/** Serves a good version 1 of the model that the tests train. */
async function saveGood(path: string): Promise<void> {
  using kv = await Deno.openKv(path);
  await createKvModelStore(kv).save("model", patternedBlob(300_000), describeTiny());
}

/** The version that is served, read and digested, where `models verify` has nothing to object to. */
async function servedVersion(path: string): Promise<string | undefined> {
  const { status, stdout } = await runCommand("models", ["verify", "--json", "--kv", path]);
  assert.equal(status, 0, stdout);
  assert.equal(JSON.parse(stdout).ok, true);
  using kv = await Deno.openKv(path);
  const store = createKvModelStore(kv);
  const served = await store.find("model");
  if (served !== null) await store.read(served);
  return served?.version;
}

/** Asserts what Ctrl-C comes to: one line, status 1 and nothing saved. */
async function assertStopped({ status, stdout, stderr }: Outcome, path: string): Promise<void> {
  assert.deepEqual([status, stdout], [1, ""]);
  assert.match(stderr, /\nerror: stopped by Ctrl-C: nothing was saved; run the command again\n$/);
  assert.equal(stderr.match(/error/gi)?.length, 1);
  assert.equal(await servedVersion(path), undefined);
}

Deno.test("Ctrl-C during training stops it between two steps, and nothing is saved", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const command = startCommand("train", [...long, "--kv", path, "--json"]);
    await command.waitFor(/^epoch 1\/\d+: 0 %/m);
    command.kill("SIGINT");
    await assertStopped(await command.outcome, path);
  }));

Deno.test("Ctrl-C during an evaluation stops it before it is done, and nothing is saved", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    const outcome = await runCommand(
      "train",
      [...short, "--epochs", "50", "--kv", path, "--json"],
      {
        // After the only step of the first epoch.
        fault: { signal: "SIGINT", at: { line: "^epoch 1/50: 2 %" } },
      },
    );
    assert.doesNotMatch(outcome.stderr, /^epoch 1\/50: loss/m);
    await assertStopped(outcome, path);
  }));

Deno.test("a training that is killed leaves the version before it served", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    await saveGood(path);
    const command = startCommand("train", [...long, "--kv", path]);
    await command.waitFor(/^epoch 1\/\d+: 0 %/m);
    command.kill("SIGKILL");
    assert.equal((await command.outcome).status, 128 + 9);
    assert.equal(await servedVersion(path), "1");
  }));

Deno.test("a training that is killed before any commit of its save leaves the version before it", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    await saveGood(path);
    const save = (at: Fault["at"]) =>
      runCommand("train", [...short, "--epochs", "1", "--kv", path], {
        fault: { signal: "SIGKILL", at },
      });
    let commits = 0;
    for (;;) {
      const { status, stdout } = await save({ beforeCommit: commits + 1 });
      if (status === 0) {
        assert.match(stdout, /^model, version 2\n/);
        break;
      }
      assert.equal(status, 128 + 9);
      assert.equal(await servedVersion(path), "1");
      commits++;
    }
    assert.ok(commits >= 3, "of the lease, of chunks, of the manifest");
    await save({ duringCommit: commits });
    assert.match((await servedVersion(path))!, /^[23]$/);
  }));
