/**
 * What holds of the model store on any Deno KV: in memory, in a file, on a server.
 *
 * @module
 */

import assert from "node:assert/strict";
import { sha256 } from "../../../lib/core/digest.ts";
import { IntegrityError, NotFoundError, UsageError } from "../../../lib/core/errors.ts";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { encodeValue } from "../../../lib/registry/kv_values.ts";
import { keysOf, patternedBlob } from "./kv_faults.ts";
import { brokenModelCases } from "./broken_model_cases.ts";
import { longDescriptionCases } from "./long_description_cases.ts";
import { signedModelCases } from "./signed_model_cases.ts";
import { describeTiny, tinyAttack } from "./tiny_model.ts";

/** One statement and its proof. */
export interface StoreCase {
  readonly name: string;
  /** @param kv An empty database. */
  readonly run: (kv: Deno.Kv) => Promise<void>;
}

const CHUNK = 65_536;

/** The contract suite. */
export const storeCases: readonly StoreCase[] = [
  ...longDescriptionCases,
  ...brokenModelCases,
  ...signedModelCases,
  {
    name: "keys and values are those of the contract",
    async run(kv) {
      const blob = patternedBlob(2 * CHUNK + 5);
      const digest = await sha256(blob);
      const now = () => Date.UTC(2026, 0, 2, 3, 4, 5);
      const description = describeTiny({ attack: tinyAttack });
      const saved = await createKvModelStore(kv, { now }).save("squares", blob, description);
      const weights = { sha256: digest, bytes: blob.length, chunks: 3 };
      const createdAt = "2026-01-02T03:04:05.000Z";
      const manifest = {
        format: 1,
        name: "squares",
        version: "1",
        ...description,
        weights,
        createdAt,
      };
      assert.deepEqual(saved, manifest);
      const stored = await kv.get(["models", "squares", "versions", "1"]);
      assert.deepEqual(stored.value, encodeValue(manifest));
      const current = await kv.get(["models", "squares", "current"]);
      assert.deepEqual(current.value, encodeValue("1"));
      for (const i of [0, 1, 2]) {
        const chunk = await kv.get(["blobs", digest, i]);
        assert.deepEqual(chunk.value, blob.slice(i * CHUNK, (i + 1) * CHUNK));
      }
      assert.equal((await keysOf(kv, ["blobs"])).length, 3);
      assert.equal((await keysOf(kv, ["models"])).length, 2);
    },
  },
  {
    name: "a blob of 4.8 MB goes in and comes out whole",
    async run(kv) {
      const store = createKvModelStore(kv);
      const blob = patternedBlob(4_800_000);
      const saved = await store.save("big", blob, describeTiny());
      assert.equal(saved.weights.chunks, 74);
      assert.deepEqual(await store.read(saved), blob);
    },
  },
  {
    name: "blobs of any length near a chunk's and a batch's end come back",
    async run(kv) {
      const store = createKvModelStore(kv);
      for (const length of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 10 * CHUNK, 10 * CHUNK + 1]) {
        const blob = patternedBlob(length, length);
        const saved = await store.save("sized", blob, describeTiny());
        assert.deepEqual(await store.read(saved), blob);
      }
    },
  },
  {
    name: "a view is saved over its own range only",
    async run(kv) {
      const store = createKvModelStore(kv);
      const whole = patternedBlob(3 * CHUNK);
      const saved = await store.save("view", whole.subarray(100, 2 * CHUNK), describeTiny());
      assert.equal(saved.weights.bytes, 2 * CHUNK - 100);
      assert.deepEqual(await store.read(saved), whole.slice(100, 2 * CHUNK));
    },
  },
  {
    name: "each save is a version more, the last is served, older ones stay",
    async run(kv) {
      const store = createKvModelStore(kv);
      const blobs = Array.from({ length: 11 }, (_, i) => patternedBlob(10, i));
      for (const blob of blobs) await store.save("counted", blob, describeTiny());
      const versions = (await store.versions("counted")).map(({ version }) => version);
      assert.deepEqual(versions, ["11", "10", "9", "8", "7", "6", "5", "4", "3", "2", "1"]);
      assert.equal((await store.find("counted"))?.version, "11");
      const second = await store.find("counted", "2");
      assert.ok(second);
      assert.deepEqual(await store.read(second), blobs[1]);
    },
  },
  {
    name: "the list has the served versions, newest first",
    async run(kv) {
      let clock = Date.UTC(2026, 0, 1);
      const store = createKvModelStore(kv, { now: () => clock += 1000 });
      for (const name of ["b", "a", "c", "b"]) {
        await store.save(name, patternedBlob(10), describeTiny());
      }
      assert.deepEqual(
        (await store.list()).map(({ name, version, source }) => [name, version, source]),
        [["b", "2", "kv"], ["c", "1", "kv"], ["a", "1", "kv"]],
      );
    },
  },
  {
    name: "what does not exist is null to find, and an error to remove and verify",
    async run(kv) {
      const store = createKvModelStore(kv);
      await store.save("here", patternedBlob(10), describeTiny());
      for (const [name, version] of [["gone"], ["../x"], ["here", "2"], ["here", "x"]] as const) {
        assert.equal(await store.find(name, version), null);
        await assert.rejects(store.remove(name, version), NotFoundError);
        await assert.rejects(store.verify(name, version), NotFoundError);
      }
      assert.deepEqual(await store.versions("gone"), []);
    },
  },
  {
    name: "a name that is none is refused before anything is written",
    async run(kv) {
      const store = createKvModelStore(kv);
      for (const name of ["", "A", "-a", "a/b", "a@1", "ä", "a".repeat(101)]) {
        await assert.rejects(store.save(name, patternedBlob(10), describeTiny()), UsageError);
      }
      assert.deepEqual(await keysOf(kv), []);
    },
  },
  {
    name: "two models of the same weights share one blob, and deleting one leaves the other",
    async run(kv) {
      const store = createKvModelStore(kv);
      const blob = patternedBlob(3 * CHUNK);
      await store.save("one", blob, describeTiny());
      const other = await store.save("other", blob, describeTiny());
      assert.equal((await keysOf(kv, ["blobs"])).length, 3);
      assert.deepEqual((await store.remove("one")).blobs, []);
      assert.equal(await store.find("one"), null);
      assert.deepEqual(await store.read(other), blob);
      assert.deepEqual((await store.remove("other")).blobs, [other.weights.sha256]);
      assert.deepEqual(await keysOf(kv), []);
    },
  },
  {
    name: "when the served version is removed the newest left is served; when another, no change",
    async run(kv) {
      const store = createKvModelStore(kv);
      for (const seed of [1, 2, 3]) {
        await store.save("model", patternedBlob(10, seed), describeTiny());
      }
      assert.equal((await store.remove("model", "2")).current, "3");
      assert.equal((await store.find("model"))?.version, "3");
      const removal = await store.remove("model", "3");
      assert.deepEqual([removal.versions, removal.current, removal.blobs.length], [["3"], "1", 1]);
      assert.equal((await store.find("model"))?.version, "1");
      assert.equal((await store.remove("model", "1")).current, null);
      assert.deepEqual(await keysOf(kv), []);
    },
  },
  {
    name: "what a removal would remove is told without removing it",
    async run(kv) {
      const store = createKvModelStore(kv);
      for (const [name, seed] of [["model", 1], ["model", 2], ["other", 1]] as const) {
        await store.save(name, patternedBlob(10, seed), describeTiny());
      }
      const keys = await keysOf(kv);
      for (const version of ["2", "1", undefined]) {
        const told = await store.remove("model", version, { dryRun: true });
        assert.deepEqual(await keysOf(kv), keys);
        assert.equal(told.current, version === undefined ? null : version === "2" ? "1" : "2");
        // The weights of version 1 are another model's too.
        assert.equal(told.blobs.length, version === "1" ? 0 : 1);
      }
      const told = await store.remove("model", undefined, { dryRun: true });
      assert.deepEqual(await store.remove("model"), told);
      await assert.rejects(store.remove("gone", undefined, { dryRun: true }), NotFoundError);
    },
  },
  {
    name: "a lost chunk is an error that names the model and the digest; verify finds it",
    async run(kv) {
      const store = createKvModelStore(kv);
      await store.save("model", patternedBlob(12 * CHUNK, 1), describeTiny());
      const saved = await store.save("model", patternedBlob(12 * CHUNK, 2), describeTiny());
      await kv.delete(["blobs", saved.weights.sha256, 10]);
      await assert.rejects(store.read(saved), (error: Error) => {
        assert.ok(error instanceof IntegrityError);
        assert.match(error.message, /model "model" version 2: the store lacks chunk 10 \(of 12\)/);
        return error.message.includes(saved.weights.sha256);
      });
      const states = (await store.verify()).map(({ version, current, problem }) =>
        [version, current, problem === null] as const
      );
      assert.deepEqual(states, [["2", true, false], ["1", false, true]]);
    },
  },
  {
    name: "one flipped bit is an error that names the model and the digest; verify finds it",
    async run(kv) {
      const store = createKvModelStore(kv);
      const blob = patternedBlob(2 * CHUNK);
      const saved = await store.save("model", blob, describeTiny());
      const { sha256: digest } = saved.weights;
      await kv.set(["blobs", digest, 1], blob.slice(CHUNK).with(77, blob[CHUNK + 77]! ^ 8));
      await assert.rejects(store.read(saved), (error: Error) => {
        assert.ok(error instanceof IntegrityError);
        assert.match(error.message, /model "model" version 1: the store has altered bytes/);
        return error.message.includes(digest);
      });
      assert.match((await store.verify("model", "1"))[0]?.problem ?? "", /altered bytes/);
    },
  },
  {
    name: "a chunk cut short, or of another type, is an error",
    async run(kv) {
      const store = createKvModelStore(kv);
      const blob = patternedBlob(2 * CHUNK);
      const saved = await store.save("model", blob, describeTiny());
      await kv.set(["blobs", saved.weights.sha256, 1], blob.slice(CHUNK, -1));
      await assert.rejects(store.read(saved), /must have 131072 bytes, got 131071/);
      await kv.set(["blobs", saved.weights.sha256, 1], "text");
      await assert.rejects(store.read(saved), /lacks chunk 1/);
    },
  },
  {
    name: "saving the same bytes again mends a blob, and rewrites only what is broken",
    async run(kv) {
      const store = createKvModelStore(kv);
      const blob = patternedBlob(3 * CHUNK);
      const { weights } = await store.save("model", blob, describeTiny());
      const untouched = await kv.get(["blobs", weights.sha256, 0]);
      await kv.delete(["blobs", weights.sha256, 1]);
      await kv.set(["blobs", weights.sha256, 2], new Uint8Array(CHUNK));
      const mended = await store.save("model", blob, describeTiny());
      assert.deepEqual(await store.read(mended), blob);
      const again = await kv.get(["blobs", weights.sha256, 0]);
      assert.equal(again.versionstamp, untouched.versionstamp);
      assert.ok((await store.verify()).every(({ problem }) => problem === null));
    },
  },
  {
    name: "writers at once are all saved, as versions of their own, none mixed",
    async run(kv) {
      const stores = [createKvModelStore(kv), createKvModelStore(kv)];
      const blobs = Array.from({ length: 8 }, (_, i) => patternedBlob(2 * CHUNK, i));
      const saved = await Promise.all(
        blobs.map((blob, i) => stores[i % 2]!.save("model", blob, describeTiny())),
      );
      const versions = new Set(saved.map(({ version }) => version));
      assert.deepEqual(versions, new Set(["1", "2", "3", "4", "5", "6", "7", "8"]));
      for (const [i, manifest] of saved.entries()) {
        assert.deepEqual(await stores[0]!.read(manifest), blobs[i]);
        assert.deepEqual(await stores[0]!.find("model", manifest.version), {
          ...manifest,
          source: "kv",
        });
      }
      assert.equal((await stores[0]!.find("model"))?.version, "8");
    },
  },
  {
    name: "writers of the same bytes at once are all saved",
    async run(kv) {
      const store = createKvModelStore(kv);
      const blob = patternedBlob(12 * CHUNK);
      const names = ["a", "b", "c", "a", "b", "c"];
      const saved = await Promise.all(names.map((name) => store.save(name, blob, describeTiny())));
      for (const manifest of saved) assert.deepEqual(await store.read(manifest), blob);
      assert.equal((await keysOf(kv, ["blobs"])).length, 12);
      assert.deepEqual((await store.list()).map(({ version }) => version), ["2", "2", "2"]);
    },
  },
  {
    name: "removals and saves at once leave every model that is there whole",
    async run(kv) {
      const store = createKvModelStore(kv, { leftoverAge: 0 });
      const blob = patternedBlob(12 * CHUNK);
      await store.save("first", blob, describeTiny());
      await Promise.all([
        store.remove("first"),
        store.save("second", blob, describeTiny()),
        store.collect(),
        store.save("third", blob, describeTiny()),
        store.collect(),
      ]);
      const states = await store.verify();
      assert.deepEqual(states.map(({ name, problem }) => [name, problem]), [
        ["second", null],
        ["third", null],
      ]);
    },
  },
];
