/**
 * What holds of a store in which something is broken: that alone is hidden, and named.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { decodeValue, encodeValue } from "../../../lib/registry/kv_values.ts";
import type { ModelProblem, ModelSource } from "../../../lib/registry/source.ts";
import { keysOf, patternedBlob } from "./kv_faults.ts";
import type { StoreCase } from "./store_cases.ts";
import { describeTiny } from "./tiny_model.ts";

/** What a list has, and what it leaves out. */
async function listed(source: ModelSource): Promise<{ names: string[]; problems: ModelProblem[] }> {
  const problems: ModelProblem[] = [];
  const models = await source.list((each) => problems.push(each));
  return { names: models.map(({ name }) => name), problems };
}

const pointer = ["models", "model", "current"];
const manifest = ["models", "model", "versions", "1"];

/** Ways to break the only version of "model". */
const faults: readonly [
  what: string,
  break_: (kv: Deno.Kv) => Promise<unknown>,
  problem: RegExp,
][] = [
  ["a manifest of another format", async (kv) => {
    const stored = decodeValue((await kv.get(manifest)).value) as object;
    await kv.set(manifest, encodeValue({ ...stored, format: 2 }));
  }, /manifest of format 1/],
  ["a manifest that is no JSON", (kv) => kv.set(manifest, Uint8Array.of(1)), /format 1/],
  ["a manifest that is nothing", (kv) => kv.set(manifest, null), /format 1/],
  ["a manifest without an image's size", async (kv) => {
    const stored = decodeValue((await kv.get(manifest)).value) as object;
    await kv.set(manifest, encodeValue({ ...stored, input: [28, -1, 1] }));
  }, /format 1 with name, version, input/],
  ["a manifest of another model", async (kv) => {
    await kv.set(manifest, (await kv.get(["models", "good", "versions", "1"])).value);
  }, /name and version must be those of its place/],
  ["a description that names no blob", async (kv) => {
    const stored = decodeValue((await kv.get(manifest)).value) as object;
    await kv.set(manifest, encodeValue({ ...stored, description: {} }));
  }, /description must name a blob/],
  ["a pointer to nothing", (kv) => kv.set(pointer, encodeValue("7")), /version 7 has no manifest/],
  ["a pointer that is none", (kv) => kv.set(pointer, encodeValue({})), /has no manifest/],
];

/** The contract suite's part on them. */
export const brokenModelCases: readonly StoreCase[] = [
  ...faults.map(([what, breakIt, problem]): StoreCase => ({
    name: `${what} is named, touches its own model alone, and can be deleted`,
    async run(kv) {
      const store = createKvModelStore(kv);
      for (const name of ["good", "model"]) {
        await store.save(name, patternedBlob(10, name.length), describeTiny());
      }
      await breakIt(kv);
      const { names, problems } = await listed(store);
      // Where the pointer alone is broken, the version that is there takes its place.
      const isThere = /pointer/.test(what);
      assert.deepEqual(names.sort(), isThere ? ["good", "model"] : ["good"]);
      assert.deepEqual(problems.map(({ name }) => name), ["model"]);
      assert.match(problems[0]!.problem, problem);
      await assert.rejects(store.find("model"), { name: "IntegrityError", message: problem });
      assert.equal((await store.find("good"))?.name, "good");
      const states = await store.verify();
      assert.ok(states.find(({ name }) => name === "good")?.problem === null);
      assert.match(states.find(({ name }) => name === "model")?.problem ?? "", problem);
      await store.remove("model");
      assert.deepEqual(await listed(store), { names: ["good"], problems: [] });
      assert.equal((await keysOf(kv, ["models"])).length, 2);
    },
  })),
  {
    name: "a manifest or pointer that something else wrote is an error, not a model",
    async run(kv) {
      const store = createKvModelStore(kv);
      await store.save("model", patternedBlob(10), describeTiny());
      await kv.set(["models", "model", "versions", "1"], { format: 2 });
      await assert.rejects(store.find("model"), /manifest at \["models","model","versions","1"\]/);
      assert.match((await store.verify("model"))[0]?.problem ?? "", /manifest of format 1/);
      await kv.delete(["models", "model", "versions", "1"]);
      await assert.rejects(store.find("model"), /current version 1 has no manifest/);
      assert.match((await store.verify("model"))[0]?.problem ?? "", /has no manifest/);
      await kv.set(["models", "model", "versions", "2"], null);
      await store.remove("model");
      assert.deepEqual(await keysOf(kv), []);
    },
  },
  ...faults.map(([what, breakIt, problem]): StoreCase => ({
    name: `in the place of ${what}, the version before it is listed`,
    async run(kv) {
      const store = createKvModelStore(kv);
      for (const name of ["good", "model"]) {
        await store.save(name, patternedBlob(10, name.length), describeTiny());
      }
      // Version 1 is the one that is broken.
      const older = decodeValue((await kv.get(manifest)).value) as object;
      await kv.set(["models", "model", "versions", "0"], encodeValue({ ...older, version: "0" }));
      await breakIt(kv);
      const problems: ModelProblem[] = [];
      const models = await store.list((each) => problems.push(each));
      const served = models.find(({ name }) => name === "model");
      assert.equal(served?.version, /pointer/.test(what) ? "1" : "0");
      assert.equal(problems.length, 1);
      assert.match(problems[0]!.problem, problem);
    },
  })),
  {
    name: "a pointer to nothing is mended by removing that version, or by saving",
    async run(kv) {
      const store = createKvModelStore(kv);
      for (const seed of [1, 2]) {
        await store.save("model", patternedBlob(10, seed), describeTiny());
      }
      const pointer = ["models", "model", "current"];
      await kv.set(pointer, "7");
      assert.match((await listed(store)).problems[0]?.problem ?? "", /version 7 has no manifest/);
      assert.equal((await store.remove("model", "7")).current, "2");
      assert.equal((await store.find("model"))?.version, "2");
      await kv.set(pointer, "7");
      assert.equal((await store.save("model", patternedBlob(10), describeTiny())).version, "3");
      assert.equal((await store.find("model"))?.version, "3");
    },
  },
  {
    name: "a lease that something else wrote stops no save and no removal",
    async run(kv) {
      const store = createKvModelStore(kv, { leftoverAge: 0 });
      const blob = patternedBlob(100_000);
      const { weights } = await store.save("model", blob, describeTiny());
      for (const junk of [null, Uint8Array.of(1), encodeValue({}), encodeValue({ chunks: "2" })]) {
        await kv.set(["leases", weights.sha256], junk);
        await kv.set(["leases", "stray"], junk);
        const saved = await store.save("model", blob, describeTiny());
        assert.deepEqual(await store.read(saved), blob);
        await kv.set(["leases", weights.sha256], junk);
      }
      await store.remove("model");
      assert.deepEqual(await keysOf(kv), []);
    },
  },
  {
    name: "a broken version is left out of a model's versions, and named",
    async run(kv) {
      const store = createKvModelStore(kv);
      for (const seed of [1, 2, 3]) {
        await store.save("model", patternedBlob(10, seed), describeTiny());
      }
      await kv.set(["models", "model", "versions", "2"], Uint8Array.of(1));
      const problems: ModelProblem[] = [];
      const versions = await store.versions("model", (each) => problems.push(each));
      assert.deepEqual(versions.map(({ version }) => version), ["3", "1"]);
      assert.deepEqual(problems.map(({ name, version }) => [name, version]), [["model", "2"]]);
    },
  },
];
