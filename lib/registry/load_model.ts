/**
 * Models as tfjs has them.
 *
 * @module
 */

import { ModelError } from "../core/errors.ts";
import * as tf from "../core/tfjs.ts";
import { decodeArtifacts } from "./artifacts.ts";
import type { ModelManifest } from "./manifest.ts";
import { shapeProblem } from "./network_shape.ts";
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
  const blob = await source.read(manifest);
  const model = await decodeModel(blob).catch((cause: Error) => {
    throw new ModelError(`Cannot load ${nameOf(manifest)}: ${explain(cause)}`, { cause });
  });
  try {
    checkShape(model, manifest);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/**
 * Refuses a network that is not the one which its manifest describes.
 *
 * @throws {ModelError} If it takes other images, or gives other classes.
 */
export function checkShape(model: tf.LayersModel, manifest: ModelManifest): void {
  const problem = shapeProblem(model, manifest);
  if (problem !== null) throw new ModelError(`Cannot load ${nameOf(manifest)}: ${problem}`);
}

/** Makes a model of its weights blob (`encodeArtifacts`); dispose of it. */
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

function nameOf({ name, version }: ModelManifest): string {
  return `model "${name}" version ${version}`;
}
