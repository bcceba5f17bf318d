/**
 * Models as tfjs has them.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { decodeArtifacts } from "./artifacts.ts";
import type { ModelManifest } from "./manifest.ts";
import type { ModelSource } from "./source.ts";

/**
 * Loads a model.
 *
 * @param source Where it is.
 * @param manifest Which, as the source has it.
 * @returns The model; dispose of it.
 * @throws {IntegrityError} If bytes are missing or altered.
 */
export async function loadModel(
  source: ModelSource,
  manifest: ModelManifest,
): Promise<tf.LayersModel> {
  return await decodeModel(await source.read(manifest));
}

/** Makes a model of its weights blob (`encodeArtifacts`); dispose of it. */
export function decodeModel(blob: Uint8Array<ArrayBuffer>): Promise<tf.LayersModel> {
  return tf.loadLayersModel(tf.io.fromMemory(decodeArtifacts(blob)));
}
