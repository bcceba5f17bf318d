/**
 * A model of this process into a store.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { encodeArtifacts } from "./artifacts.ts";
import type { ModelDescription, ModelManifest } from "./manifest.ts";
import type { ModelStore } from "./store.ts";

/**
 * Saves a model under a name, as `model.save("kv://NAME")` does, and tells what was saved.
 *
 * @param model The model, with its weights.
 * @param options.description What its trainer knows of it.
 * @throws {UsageError} If the name is none that the store takes.
 */
export async function saveModel(
  model: tf.LayersModel,
  { name, store, description }: {
    readonly name: string;
    readonly store: ModelStore;
    readonly description: ModelDescription;
  },
): Promise<ModelManifest> {
  let manifest: ModelManifest | undefined;
  await model.save(tf.io.withSaveHandler(async (artifacts) => {
    manifest = await store.save(name, encodeArtifacts(artifacts), description);
    return { modelArtifactsInfo: tf.io.getModelArtifactsInfoForJSON(artifacts) };
  }));
  return manifest!;
}
