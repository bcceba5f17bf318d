/**
 * A model of this process into a store.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { encodeArtifacts } from "./artifacts.ts";
import type { ModelDescription, ModelManifest } from "./manifest.ts";
import { saveOrKeep } from "./save_or_keep.ts";
import type { ModelStore } from "./store.ts";

/**
 * Saves a model under a name, as `model.save("kv://NAME")` does, and tells what was saved. What the
 * store does not take is kept in a file.
 *
 * @param model The model, with its weights.
 * @param options.description What its trainer knows of it.
 * @param options.keepIn Folders for the file, the first that takes it.
 * @throws {Error} If the store did not take it; says why, and which file the model is in.
 */
export async function saveModel(
  model: tf.LayersModel,
  { name, store, description, keepIn }: {
    readonly name: string;
    readonly store: ModelStore;
    readonly description: ModelDescription;
    readonly keepIn: readonly string[];
  },
): Promise<ModelManifest> {
  let manifest: ModelManifest | undefined;
  await model.save(tf.io.withSaveHandler(async (artifacts) => {
    const blob = encodeArtifacts(artifacts);
    manifest = await saveOrKeep(store, { name, blob, description }, { folders: keepIn });
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  }));
  return manifest!;
}
