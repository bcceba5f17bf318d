/**
 * A stored model run by tfjs, for what the project's own engine has no kernels for. This module loads
 * tfjs, which takes a server's start longer than all else: import it when a model needs it.
 *
 * @module
 */

import * as tf from "../core/tfjs.ts";
import { predict } from "../model/predict.ts";
import { modelOfBlob } from "../registry/load_model.ts";
import type { ModelManifest } from "../registry/manifest.ts";
import "../wasm/mod.ts";
import type { Classifier } from "./classifier.ts";

let backend: Promise<boolean> | undefined;

/**
 * Makes a classifier.
 *
 * @param blob A model's weights (`encodeArtifacts`).
 * @param manifest What describes it.
 * @throws {ModelError} If tfjs cannot make a model of it, or it is not the one that is described.
 */
export async function createTfjsClassifier(
  blob: Uint8Array<ArrayBuffer>,
  manifest: ModelManifest,
): Promise<Classifier> {
  backend ??= tf.setBackend("wasm");
  if (!await backend) {
    throw new Error("Cannot run models: tfjs's wasm backend must start, and it did not");
  }
  const model = await modelOfBlob(blob, manifest);
  return {
    engine: "tfjs",
    inputs: model.inputs,
    outputs: model.outputs,
    classify: (batch) => predict(model, batch, { chunkSize: batch.shape[0] }),
    dispose: () => void model.dispose(),
  };
}
