/**
 * Models as tfjs has them.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { decodeArtifacts } from "./artifacts.ts";
import type { ModelManifest } from "./manifest.ts";
import { checkShape, loadError } from "./network_shape.ts";
import type { ModelSource } from "./source.ts";

/**
 * Loads a model.
 *
 * @param source Where it is.
 * @param manifest Which, as the source has it.
 * @returns The model; dispose of it.
 * @throws {IntegrityError} If bytes are missing or altered.
 * @throws {ModelError} If tfjs cannot make a model of them, or it is not the one that the manifest
 * describes.
 */
export async function loadModel(
  source: ModelSource,
  manifest: ModelManifest,
): Promise<tf.LayersModel> {
  return await modelOfBlob(await source.read(manifest), manifest);
}

/**
 * Makes a model of its weights blob (`encodeArtifacts`), and compares it with its description.
 *
 * @param manifest What describes it.
 * @returns The model; dispose of it.
 * @throws {ModelError} If tfjs cannot make a model of it, or it is not the one that the manifest
 * describes.
 */
export async function modelOfBlob(
  blob: Uint8Array<ArrayBuffer>,
  manifest: ModelManifest,
): Promise<tf.LayersModel> {
  const model = await decodeModel(blob).catch((cause: Error) => {
    throw loadError(manifest, explain(cause), { cause });
  });
  try {
    checkShape(model, manifest);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Makes a model of its weights blob, without a look at what it is; dispose of it. */
export async function decodeModel(blob: Uint8Array<ArrayBuffer>): Promise<tf.LayersModel> {
  return await tf.loadLayersModel(tf.io.fromMemory(decodeArtifacts(blob)));
}

/** tfjs says of a class that it does not know, in paragraphs, where it may have come from. */
function explain({ message }: Error): string {
  const [, kind = "", name] = /^Unknown (\w+): (\S+?)\.? /.exec(message) ?? [];
  return name === undefined
    ? message.split("\n")[0]!
    : `its ${kind} ${name} is not one of tfjs's own; register the class ` +
      "(tf.serialization.registerClass) in the program that loads it";
}
