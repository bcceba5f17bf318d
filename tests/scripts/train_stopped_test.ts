/** Training that is stopped: by Ctrl-C in order, by a kill at any moment without harm. */

import assert from "node:assert/strict";
import { createKvModelStore } from "../../lib/registry/kv_store.ts";
import { patternedBlob } from "../lib/registry/kv_faults.ts";
import { describeTiny } from "../lib/registry/tiny_model.ts";
import { runCommand, startCommand, withFolder } from "./run_command.ts";

/** Minutes of training, of which the tests see the first second. */
const long = ["--limit", "20000", "--name", "model"];
/** Ends its epoch at once, and then evaluates for longer than it trained. */
const short = ["--model", "badnets", "--limit", "128", "--attack", "none", "--name", "model"];

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

const moments: readonly [moment: string, args: readonly string[], shown: RegExp, delay: number][] =
  [
    ["training", long, /^epoch 1\/\d+: 0 %/m, 0],
    ["evaluation", [...short, "--epochs", "50"], /^epoch 1\/50: loss/m, 400],
  ];
for (const [moment, args, shown, delay] of moments) {
  Deno.test(`Ctrl-C during ${moment} ends with one line, status 1 and nothing saved`, () =>
    withFolder(async (folder) => {
      const path = `${folder}/kv.sqlite`;
      const command = startCommand("train", [...args, "--kv", path, "--json"]);
      await command.waitFor(shown);
      await new Promise((resolve) => setTimeout(resolve, delay));
      const interrupted = performance.now();
      command.kill("SIGINT");
      const { status, stdout, stderr } = await command.outcome;
      assert.ok(performance.now() - interrupted < 5000, "it must stop between steps");
      assert.deepEqual([status, stdout], [1, ""]);
      assert.match(
        stderr,
        /\nerror: stopped by Ctrl-C: nothing was saved; run the command again\n$/,
      );
      assert.equal(stderr.match(/error/gi)?.length, 1);
      assert.equal(await servedVersion(path), undefined);
    }));
}

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

Deno.test("a training that is killed while it saves leaves the version before it or the new one", () =>
  withFolder(async (folder) => {
    const path = `${folder}/kv.sqlite`;
    await saveGood(path);
    let version = 1;
    let unsaved = 0;
    // From the end of the last evaluation, saving takes some 15 milliseconds.
    for (const delay of [0, 6, 12, 18, 24, 40]) {
      const command = startCommand("train", [...short, "--epochs", "1", "--kv", path]);
      await command.waitFor(/clean accuracy/);
      await new Promise((resolve) => setTimeout(resolve, delay));
      command.kill("SIGKILL");
      await command.outcome;
      const served = Number(await servedVersion(path));
      assert.ok(served === version || served === version + 1, `got ${served} after ${version}`);
      if (served === version) unsaved++;
      version = served;
    }
    assert.ok(unsaved > 0, "at least one must have been killed before its save was done");
    const { status, stdout } = await runCommand("train", [...short, "--epochs", "1", "--kv", path]);
    assert.equal(status, 0);
    assert.match(stdout, new RegExp(`^model, version ${version + 1}\n`));
  }));
