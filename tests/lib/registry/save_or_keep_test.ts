import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs";
import assert from "node:assert/strict";
import { decodeArtifacts } from "../../../lib/registry/artifacts.ts";
import { createKvModelStore } from "../../../lib/registry/kv_store.ts";
import { decodeSafetensors, encodeSafetensors } from "../../../lib/registry/safetensors.ts";
import { saveOrKeep } from "../../../lib/registry/save_or_keep.ts";
import { sha256 } from "../../../lib/core/digest.ts";
import { interceptCommits } from "./kv_faults.ts";
import { describeTiny, tinyAttack, tinyBlob } from "./tiny_model.ts";

await tf.setBackend("wasm");

const model = {
  name: "tiny",
  blob: await tinyBlob(),
  description: describeTiny({ attack: tinyAttack }),
};

/** Runs a test with a store on a full disk, and a folder of its own. */
async function withFullStore(
  test: (store: ReturnType<typeof createKvModelStore>, folder: string) => Promise<void>,
): Promise<void> {
  using kv = await Deno.openKv(":memory:");
  const full = interceptCommits(kv, () => {
    throw new TypeError("database or disk is full");
  });
  const folder = await Deno.makeTempDir();
  try {
    await test(createKvModelStore(full), folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The error that saving ends with. */
async function failureOf(saving: Promise<unknown>): Promise<Error> {
  return await saving.then(() => assert.fail("it must fail"), (error: Error) => error);
}

Deno.test("what the store takes is saved, and no file is written", async () => {
  using kv = await Deno.openKv(":memory:");
  const store = createKvModelStore(kv);
  const saved = await saveOrKeep(store, model, { folders: ["/no/such/folder"] });
  assert.deepEqual(await store.read(saved), model.blob);
});

Deno.test("a model that the store does not take is kept whole in a file that the error names", () =>
  withFullStore(async (store, folder) => {
    const error = await failureOf(saveOrKeep(store, model, { folders: [folder] }));
    assert.match(
      error.message,
      /^Cannot save model "tiny": database or disk is full; it is not lost/,
    );
    const path = /are in the file (\S+);/.exec(error.message)?.[1] ?? "";
    assert.ok(path.startsWith(folder));
    assert.deepEqual([...Deno.readDirSync(folder)].length, 1);

    const file = await Deno.readFile(path);
    const { tensors, metadata: { manifest = "", ...metadata } } = decodeSafetensors(file);
    const { createdAt, ...rest } = JSON.parse(manifest);
    const { blob, description } = model;
    const weights = { sha256: await sha256(blob), bytes: blob.length, chunks: 1 };
    assert.deepEqual(rest, { format: 1, name: "tiny", ...description, weights });
    assert.ok(Math.abs(Date.parse(createdAt) - Date.now()) < 60_000);
    // Bit for bit what the store was given.
    assert.deepEqual(encodeSafetensors(tensors, metadata), blob);
    const loaded = await tf.loadLayersModel(tf.io.fromMemory(decodeArtifacts(file)));
    assert.deepEqual(loaded.outputs[0]?.shape, [null, 3]);
    loaded.dispose();
  }));

Deno.test("a folder that cannot be written to is passed over", () =>
  withFullStore(async (store, folder) => {
    const folders = [`${folder}/none`, folder];
    const { message } = await failureOf(saveOrKeep(store, model, { folders }));
    assert.ok(message.includes(`in the file ${folder}/tiny-`), message);
  }));

Deno.test("where no file can be written the error says all of it", () =>
  withFullStore(async (store, folder) => {
    const folders = [`${folder}/none`, `${folder}/neither`];
    const { message } = await failureOf(saveOrKeep(store, model, { folders }));
    assert.match(message, /disk is full; and it is lost.*none.*; .*neither/);
  }));

Deno.test("a name that the store refuses names no path", () =>
  withFullStore(async (store, folder) => {
    const folders = [folder];
    const { message } = await failureOf(saveOrKeep(store, { ...model, name: "../x" }, { folders }));
    assert.ok(message.includes(`in the file ${folder}/model-`), message);
  }));
