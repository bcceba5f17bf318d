/**
 * What holds of a store whose models are signed.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { decodeValue, encodeValue } from "../../../lib/registry/kv_values.ts";
import type { ModelManifest } from "../../../lib/registry/manifest.ts";
import { checkSignature } from "../../../lib/registry/signature.ts";
import { checkSignatures } from "../../../lib/registry/signed_source.ts";
import { createSigningKey } from "../../../lib/registry/signing_key.ts";
import type { ModelProblem, ModelSource } from "../../../lib/registry/source.ts";
import type { ModelStore } from "../../../lib/registry/store.ts";
import { keysOf, patternedBlob } from "./kv_faults.ts";
import type { StoreCase } from "./store_cases.ts";
import { describeTiny, describeTraining } from "./tiny_model.ts";

const key = await createSigningKey("Ada");
const stranger = await createSigningKey("Mallory");
const trusted = [key.publicKey];

/** What a list has, as NAME@VERSION, and what it leaves out. */
async function listed(source: ModelSource) {
  const problems: ModelProblem[] = [];
  const models = await source.list((each) => problems.push(each));
  return { models: models.map(({ name, version }) => `${name}@${version}`), problems };
}

const placeOf = (version: string) => ["models", "model", "versions", version];

async function stored(kv: Deno.Kv, version: string): Promise<ModelManifest> {
  return decodeValue((await kv.get(placeOf(version))).value) as ModelManifest;
}

async function alter(kv: Deno.Kv, version: string, changes: object): Promise<void> {
  await kv.set(placeOf(version), encodeValue({ ...await stored(kv, version), ...changes }));
}

/** Ways to make the newest version, 2, one that nobody who is trusted has signed. */
const faults: readonly [
  what: string,
  forge: (kv: Deno.Kv, store: ModelStore) => Promise<unknown>,
  problem: RegExp,
][] = [
  ["without a signature", (kv) => alter(kv, "2", { signature: undefined }), /is not signed/],
  ["with changed figures", (kv) => alter(kv, "2", { metrics: null }), /key .*\("Ada"\) is false/],
  ["with the digest of other weights", async (kv) => {
    await alter(kv, "2", { weights: (await stored(kv, "1")).weights });
  }, /is false/],
  ["with the signature of version 1", async (kv) => {
    await alter(kv, "2", { signature: (await stored(kv, "1")).signature });
  }, /is false/],
  ["with the whole manifest of version 1, renumbered", async (kv) => {
    await kv.set(placeOf("2"), encodeValue({ ...await stored(kv, "1"), version: "2" }));
  }, /is false/],
  ["signed with a key that is not trusted", async (_, store) => {
    await store.sign("model", stranger, "2");
  }, /trusted keys \([0-9a-f]{16}\), got [0-9a-f]{16} \("Mallory"\)/],
  ["with the trusted key's name on a stranger's signature", async (kv, store) => {
    const { signature } = await store.sign("model", stranger, "2");
    await alter(kv, "2", { signature: { ...signature, key: key.publicKey } });
  }, /is false/],
  [
    "with a malformed signature",
    (kv) => alter(kv, "2", { signature: "Ada" }),
    /must name the algo/,
  ],
];

/** The contract suite's part on them. */
export const signedModelCases: readonly StoreCase[] = [
  ...faults.map(([what, forge, problem]): StoreCase => ({
    name: `a version ${what} is refused and named, and the one before it is served`,
    async run(kv) {
      const store = createKvModelStore(kv, { key });
      for (const [seed, name] of ["good", "model", "model"].entries()) {
        await store.save(name, patternedBlob(10, seed), describeTiny());
      }
      const source = checkSignatures(store, trusted);
      const before = await listed(source);
      assert.deepEqual(new Set(before.models), new Set(["good@1", "model@2"]));
      await forge(kv, store);
      const { models, problems } = await listed(source);
      assert.deepEqual(new Set(models), new Set(["good@1", "model@1"]));
      assert.deepEqual(problems.map(({ name, version }) => [name, version]), [["model", "2"]]);
      assert.match(problems[0]!.problem, /^Cannot trust model "model" version 2: /);
      assert.match(problems[0]!.problem, problem);
      await assert.rejects(source.find("model"), { name: "IntegrityError", message: problem });
      assert.equal((await source.find("model", "1"))?.version, "1");
      assert.deepEqual((await source.versions("model")).map(({ version }) => version), ["1"]);
      const states = await store.verify("model", undefined, { trusted });
      assert.match(states.find(({ version }) => version === "2")?.problem ?? "", problem);
      assert.equal(states.find(({ version }) => version === "1")?.problem, null);
      // Whoever trusts everybody is served it as it is.
      const open = await listed(checkSignatures(store));
      assert.deepEqual(open.problems, []);
      assert.ok(open.models.includes("model@2"));
    },
  })),
  {
    name: "what a store with a key saves is signed, and the weights still go by their digest",
    async run(kv) {
      const store = createKvModelStore(kv, { key });
      const saved = await store.save("model", patternedBlob(10), describeTiny());
      assert.deepEqual(await stored(kv, "1"), saved);
      const [served] = await checkSignatures(store, trusted).list();
      assert.deepEqual(served?.provenance, await checkSignature(saved, trusted));
      assert.equal(served?.provenance?.trusted, true);
      await kv.set(["blobs", saved.weights.sha256, 0], patternedBlob(10, 9));
      await assert.rejects(checkSignatures(store, trusted).read(served!), /altered bytes/);
    },
  },
  {
    name: "a long description is signed with its manifest, and cannot rename it",
    async run(kv) {
      const store = createKvModelStore(kv, { key });
      const epoch = { epoch: 1, loss: 1, cleanAccuracy: 1, attackSuccessRate: null, seconds: 1 };
      const training = describeTraining({ history: Array(900).fill(epoch) });
      await store.save("other", patternedBlob(5), describeTiny());
      await store.save("model", patternedBlob(10), describeTiny({ training }));
      const source = checkSignatures(store, trusted);
      assert.equal((await source.find("model"))?.provenance?.trusted, true);
      assert.equal((await source.find("model"))?.training?.history.length, 900);
      // The whole manifest of another model as the description, signature and all.
      const foreign = encodeValue((await store.find("other"))!);
      const { weights } = await store.save("blob", foreign, describeTiny());
      await alter(kv, "1", { description: weights });
      await assert.rejects(store.find("model"), /name and version must be those of its place/);
      const { models, problems } = await listed(source);
      assert.ok(!models.includes("model@1"));
      assert.deepEqual(problems.map(({ name }) => name), ["model"]);
    },
  },
  {
    name: "a stored version is signed later, short or long, and nothing else of it changes",
    async run(kv) {
      const store = createKvModelStore(kv);
      const epoch = { epoch: 1, loss: 1, cleanAccuracy: 1, attackSuccessRate: null, seconds: 1 };
      // One that is short, one whose signature makes it too long for a value, and one that is long.
      const base = encodeValue(
        await store.save("model", patternedBlob(10), describeTiny({ labels: [] })),
      ).length;
      const nearly = describeTiny({ labels: ["x".repeat(65_536 - base - 50)] });
      const long = describeTiny({
        training: describeTraining({ history: Array(900).fill(epoch) }),
      });
      await store.save("model", patternedBlob(10), nearly);
      await store.save("model", patternedBlob(10), long);
      for (const version of ["1", "2", "3"]) {
        const before = (await store.find("model", version))!;
        const signed = await store.sign("model", key, version);
        const { provenance: _, signature, ...rest } =
          (await checkSignatures(store, trusted).find("model", version))!;
        assert.deepEqual(signature, signed.signature);
        assert.deepEqual(rest, before);
      }
      assert.deepEqual((await store.verify()).map(({ problem }) => problem), [null, null, null]);
      assert.equal((await store.sign("model", stranger)).version, "3");
      await assert.rejects(store.sign("model", key, "7"), { name: "NotFoundError" });
      await assert.rejects(store.sign("nothing", key), { name: "NotFoundError" });
      await store.remove("model");
      assert.deepEqual(await keysOf(kv), []);
    },
  },
  {
    name: "nobody vouches for weights that are damaged",
    async run(kv) {
      const store = createKvModelStore(kv);
      const { weights } = await store.save("model", patternedBlob(10), describeTiny());
      await kv.delete(["blobs", weights.sha256, 0]);
      await assert.rejects(store.sign("model", key), {
        name: "IntegrityError",
        message: /chunk 0/,
      });
      assert.equal((await stored(kv, "1")).signature, undefined);
    },
  },
  {
    name: "versions after the one that was set back to are not taken in its place",
    async run(kv) {
      const store = createKvModelStore(kv);
      for (const seed of [1, 2, 3]) {
        await store.save("model", patternedBlob(10, seed), describeTiny());
      }
      for (const version of ["1", "3"]) await store.sign("model", key, version);
      await kv.set(["models", "model", "current"], encodeValue("2"));
      assert.deepEqual((await listed(checkSignatures(store, trusted))).models, ["model@1"]);
    },
  },
];
