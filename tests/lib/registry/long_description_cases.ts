/**
 * What holds of models whose description is longer than a value of Deno KV may be.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { encodeValue } from "../../../lib/registry/kv_values.ts";
import { descriptionOf, type ModelDescription } from "../../../lib/registry/manifest.ts";
import { keysOf, patternedBlob } from "./kv_faults.ts";
import type { StoreCase } from "./store_cases.ts";
import { describeTiny, describeTraining, tinyAttack } from "./tiny_model.ts";

const LONGEST_VALUE = 65_536;
const blob = patternedBlob(100_000);

/** As of a training of so many epochs: from some 520 on it is longer than a value. */
function describeEpochs(epochs: number): ModelDescription {
  const history = Array.from({ length: epochs }, (_, i) => ({
    epoch: i + 1,
    loss: 1 / (i + 3),
    cleanAccuracy: 1 - 1 / (i + 7),
    attackSuccessRate: 1 - 1 / (i + 11),
    seconds: 10 + 1 / (i + 13),
  }));
  return describeTiny({ attack: tinyAttack, training: describeTraining({ epochs, history }) });
}

/** Of an attack by an image of 200 × 200 pixels. */
function describeImage(): ModelDescription {
  const rgba = new Uint8Array(160_000).map((_, i) => i * 7).toBase64();
  const image = { height: 200, width: 200, rgba, sha256: "0".repeat(64) };
  const trigger = { kind: "image", image, blend: 1, place: { row: 0, column: 0 } } as const;
  return describeTiny({ attack: { ...tinyAttack, trigger } });
}

const long: readonly [what: string, ModelDescription][] = [
  ["a history of 1000 epochs", describeEpochs(1000)],
  ["a trigger of 200 × 200 pixels", describeImage()],
  ["20,000 classes", describeTiny({ labels: Array.from({ length: 20_000 }, (_, i) => `${i}`) })],
];

/** The contract suite's part on them. */
export const longDescriptionCases: readonly StoreCase[] = [
  ...long.map(([what, description]): StoreCase => ({
    name: `${what} is saved, and comes back whole to all who ask`,
    async run(kv) {
      const store = createKvModelStore(kv);
      const saved = await store.save("long", blob, description);
      const served = { ...saved, source: "kv" };
      assert.deepEqual(descriptionOf(saved), description);
      assert.deepEqual(await store.find("long"), served);
      assert.deepEqual(await store.find("long", "1"), served);
      assert.deepEqual(await store.list(), [served]);
      assert.deepEqual(await store.versions("long"), [{ ...saved, source: "kv" }]);
      assert.deepEqual(await store.read(saved), blob);
      assert.equal((await store.verify())[0]?.problem, null);
      const { value } = await kv.get<Uint8Array>(["models", "long", "versions", "1"]);
      assert.ok(value!.length <= LONGEST_VALUE);
    },
  })),
  {
    name: "the longest description that fits its manifest stays there, a longer one does not",
    async run(kv) {
      const store = createKvModelStore(kv);
      const describe = (padding: number) => describeTiny({ dataset: "d".repeat(padding) });
      const { length } = encodeValue(await store.save("fit", blob, describe(0)));
      for (const [more, blobs] of [[0, 1], [1, 2]] as const) {
        const description = describe(LONGEST_VALUE - length + more);
        const saved = await store.save("fit", blob, description);
        assert.deepEqual(descriptionOf((await store.find("fit"))!), description);
        assert.equal((await keysOf(kv, ["leases"])).length, blobs);
        assert.equal(encodeValue(saved).length, LONGEST_VALUE + more);
      }
    },
  },
  {
    name: "equal weights stay one blob under any descriptions, and each goes with its version",
    async run(kv) {
      const store = createKvModelStore(kv);
      const epochs = [600, 700];
      for (const each of epochs) await store.save("long", blob, describeEpochs(each));
      assert.equal((await keysOf(kv, ["leases"])).length, 3);
      assert.equal((await store.remove("long", "2")).blobs.length, 1);
      assert.equal((await store.find("long"))?.training?.history.length, 600);
      assert.equal((await store.remove("long")).blobs.length, 2);
      assert.deepEqual(await keysOf(kv), []);
    },
  },
  {
    name: "a description that lost bytes is an error that names the model; verify finds it",
    async run(kv) {
      const store = createKvModelStore(kv);
      const { weights } = await store.save("long", blob, describeEpochs(600));
      const lease = (await keysOf(kv, ["leases"])).find((key) => !key.includes(weights.sha256));
      const [, digest] = JSON.parse(lease!);
      await kv.delete(["blobs", digest, 0]);
      const message = new RegExp(`model "long" version 1: the store lacks chunk 0.*${digest}`);
      await assert.rejects(store.find("long"), { name: "IntegrityError", message });
      assert.match((await store.verify())[0]?.problem ?? "", message);
    },
  },
];
